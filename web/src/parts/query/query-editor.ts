import { define, make } from "../dom";
import type { Editor } from "./editor";
import { format } from "./format";
import type { Fault } from "./hints";
import { Asking } from "./schema";

/** `<query-editor>` around a label and a text area: an editor in its place, once that is loaded.
 *
 * Until then, and where it cannot be loaded, all of this works with the text area, which goes on
 * holding the text: the form around it is sent as it is. Fires `query-change` and `query-run`.
 */
export class QueryEditor extends HTMLElement {
  #area: HTMLTextAreaElement | null = null;
  #editor: Editor | null = null;

  connectedCallback(): void {
    if (this.#area) return;
    this.#area = this.querySelector("textarea");
    const area = this.#area;
    if (!area) return;
    area.addEventListener("input", () => this.#fire("query-change"));
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.#fire("query-run");
      }
    });
    void this.#load(area);
  }

  get text(): string {
    return this.#area?.value ?? "";
  }

  set text(text: string) {
    if (this.#area) this.#area.value = text;
    if (this.#editor) this.#editor.text = text;
    this.#fire("query-change");
  }

  /** Show what is wrong with the text, or that nothing is. */
  fault(fault: Fault | null): void {
    this.#area?.setAttribute("aria-invalid", String(fault !== null));
    this.#editor?.fault(fault);
  }

  format(): void {
    const formatted = format(this.text);
    if (formatted.trim() !== this.text.trim()) this.text = formatted;
    this.focus();
  }

  override focus(): void {
    if (this.#editor) this.#editor.focus();
    else this.#area?.focus();
  }

  async #load(area: HTMLTextAreaElement): Promise<void> {
    const { edit } = await import("./editor");
    const label = this.querySelector("label");
    const place = make("div", { class: "editor" });
    // The styles of the editor are within the policy of the page only in a tree of its own.
    const root = place.attachShadow({ mode: "open" });
    area.after(place);
    const had = document.activeElement === area;
    this.#editor = edit({
      root,
      text: area.value,
      label: label?.textContent ?? "",
      asking: new Asking(this.dataset["schema"] ?? "", this.dataset["search"] ?? ""),
      base: this.dataset["base"] ?? "",
      changed: (text) => {
        area.value = text;
        this.#fire("query-change");
      },
      run: () => this.#fire("query-run"),
    });
    area.hidden = true;
    area.required = false; // what is hidden cannot be filled in
    label?.addEventListener("click", (event) => {
      event.preventDefault();
      this.focus();
    });
    if (had) this.focus();
    this.#fire("query-ready");
  }

  #fire(name: string): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true }));
  }
}

define("query-editor", QueryEditor);
