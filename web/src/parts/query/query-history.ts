import { define, make } from "../dom";
import { forget, kept, type Kept, onKept } from "./kept";

const SHOWN = 80; // characters of a query in the list

/** `<query-history>`: what was run in this browser. Empty as sent: it is nowhere but here. */
class QueryHistory extends HTMLElement {
  connectedCallback(): void {
    onKept(() => this.#show());
    this.#show();
  }

  #show(): void {
    const queries = kept();
    if (!queries.length) {
      this.replaceChildren();
      return;
    }
    const open = this.querySelector("details")?.open ?? false;
    const list = make("ul", { class: "plain" }, ...queries.map((one) => this.#item(one)));
    const clear = make("button", { type: "button", class: "link" }, "Clear the history");
    clear.addEventListener("click", () => forget());
    const details = make(
      "details",
      {},
      make("summary", {}, `History (${queries.length})`),
      make("p", { class: "meta" }, "Kept in this browser, never sent. ", clear),
      make(
        "div",
        {
          class: "listed",
          role: "region",
          "aria-label": "History",
          tabindex: "0",
        },
        list,
      ),
    );
    details.open = open;
    this.replaceChildren(details);
  }

  #item({ query, when, rows }: Kept): HTMLElement {
    const button = make("button", { type: "button", class: "link" }, titleOf(query));
    button.title = query.slice(0, 2000);
    button.addEventListener("click", () =>
      this.dispatchEvent(new CustomEvent("query-open", { bubbles: true, detail: query })),
    );
    const many = rows ? `${Number(rows).toLocaleString("en")} rows · ` : "";
    const told = `${many}${when.slice(0, 16).replace("T", " ")}`;
    return make("li", {}, button, " ", make("span", { class: "meta" }, told));
  }
}

/** A comment at its beginning says what a query is for; else it speaks for itself. */
function titleOf(query: string): string {
  const comment = /^\s*#+\s*(\S[^\n]*)/.exec(query)?.[1];
  const plain = query
    .replace(/^\s*(?:(?:PREFIX|BASE)\b[^>]*>\s*|#[^\n]*\n\s*)+/i, "")
    .replace(/\s+/g, " ")
    .trim();
  const text = comment ?? (plain || query.trim());
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

define("query-history", QueryHistory);
