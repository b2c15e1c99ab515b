import { copy, type Copied } from "./copying";
import { make } from "./dom";

const SHOWN = 2000; // milliseconds that a button says what became of it

/** A button that copies what `give` returns when it is pressed, and says whether it did. */
export function copyButton(text: string, about: string, give: () => Copied): HTMLElement {
  const said = make("span", { class: "hidden", role: "status" });
  const words = make("span", {}, text);
  const name = about ? make("span", { class: "hidden" }, `: ${about}`) : "";
  const button = make("button", { type: "button", class: "quiet copy" }, words, name);
  button.addEventListener("click", () => {
    void copy(give()).then((done) => {
      words.textContent = done ? "Copied" : "Not copied";
      said.textContent = done ? "Copied" : "The browser does not let this page copy";
      setTimeout(() => {
        words.textContent = text;
        said.textContent = "";
      }, SHOWN);
    });
  });
  return make("span", { class: "copying" }, button, said);
}
