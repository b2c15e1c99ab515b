import { define, make } from "../dom";
import type { QueryEditor } from "./query-editor";
import { keep } from "./kept";
import { Running } from "./running";

const LONGEST = 8_000; // characters of an address; what is longer is sent in the body
const PATIENCE = 300; // milliseconds before a query counts as long

/** `<query-page>`: runs the query without leaving the page, and can end it.
 *
 * The service sends the same page as without scripts; the outcome on it is put into this one.
 */
class QueryPage extends HTMLElement {
  #running: Running | null = null;
  #timer = 0;
  #ran = "";

  connectedCallback(): void {
    this.#ran = this.#editor?.text ?? "";
    for (const part of this.querySelectorAll<HTMLElement>("[data-scripted], [data-do=format]")) {
      part.hidden = false;
    }
    for (const part of this.querySelectorAll<HTMLElement>("[data-plain]")) part.hidden = true;
    this.addEventListener("submit", this.#submit);
    this.addEventListener("click", this.#click);
    this.addEventListener("query-run", () => this.#ask());
    this.addEventListener("query-change", () => this.#compare());
    this.addEventListener("query-ready", () => this.#point());
    this.addEventListener("query-open", (event) => {
      this.#open((event as CustomEvent<string>).detail);
    });
    addEventListener("popstate", () => location.reload());
    if (this.#outcome?.dataset["rows"] !== undefined) this.#record();
  }

  disconnectedCallback(): void {
    this.#running?.leave();
  }

  get #editor(): QueryEditor | null {
    return this.querySelector<QueryEditor>("query-editor");
  }

  get #form(): HTMLFormElement | null {
    return this.querySelector("form#ask");
  }

  get #outcome(): HTMLElement | null {
    return this.querySelector("#outcome");
  }

  readonly #submit = (event: SubmitEvent): void => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "get") return;
    event.preventDefault();
    if (form === this.#form) this.#ask();
    else void this.#go(addressOf(form));
  };

  readonly #click = (event: MouseEvent): void => {
    const target = event.target as Element;
    const what = target.closest<HTMLElement>("[data-do]")?.dataset["do"];
    if (what === "cancel") void this.#running?.end();
    else if (what === "format") this.#editor?.format();
    if (what || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = target.closest<HTMLAnchorElement>("aside side-list a, #outcome .tabs a");
    if (!link) return;
    event.preventDefault();
    if (link.closest(".tabs")) void this.#go(new URL(link.href));
    else this.#open(new URL(link.href).searchParams.get("query") ?? "");
  };

  #open(query: string): void {
    const editor = this.#editor;
    if (!editor || !query) return;
    editor.text = query;
    this.#ask();
    this.scrollIntoView({ block: "start" });
  }

  #ask(): void {
    const editor = this.#editor;
    if (!this.#form || !editor) return;
    if (!editor.text.trim()) {
      this.#tell("There is no query yet");
      editor.focus();
      return;
    }
    void this.#go(addressOf(this.#form));
  }

  async #go(address: URL): Promise<void> {
    if (this.#running) return;
    const running = new Running(this.dataset["queries"] ?? "");
    this.#running = running;
    this.#editor?.fault(null);
    this.#begin();
    try {
      const page = await running.page(address, LONGEST);
      const outcome = page.querySelector("#outcome");
      if (!outcome) throw new Error(page.querySelector("h1")?.textContent ?? "");
      this.#outcome?.replaceWith(document.adoptNode(outcome));
      document.title = page.title;
      if (address.href.length <= LONGEST) history.pushState(null, "", address);
      this.#ran = address.searchParams.get("query") ?? "";
      this.#compare();
      this.#point();
      this.#record();
      this.#tell(this.#outcome?.querySelector("h2")?.textContent ?? "");
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#running = null;
      this.#end();
    }
  }

  /** Show the button that ends a query, and after a while how long it has been running. */
  #begin(): void {
    const started = performance.now();
    const most = this.dataset["deadline"] ?? "";
    const tick = (): void => {
      const seconds = Math.floor((performance.now() - started) / 1000);
      this.#part("[data-going]", true);
      const clock = this.querySelector("[data-clock]");
      if (clock) clock.textContent = `running for ${seconds} s of at most ${most} s`;
      this.#timer = setTimeout(tick, 1000 - ((performance.now() - started) % 1000));
    };
    this.#part("[data-do=cancel]", true);
    this.#outcome?.setAttribute("aria-busy", "true");
    this.#timer = setTimeout(() => {
      this.#tell("The query is running");
      tick();
    }, PATIENCE);
  }

  #end(): void {
    clearTimeout(this.#timer);
    if (document.activeElement?.matches("[data-do=cancel]")) this.#editor?.focus();
    this.#part("[data-going]", false);
    this.#part("[data-do=cancel]", false);
    this.#outcome?.removeAttribute("aria-busy");
  }

  #fail(error: unknown): void {
    const left = error instanceof DOMException && error.name === "AbortError";
    const title = left ? "The query was cancelled" : "The service did not answer";
    const why = left
      ? "There is no answer. The query is still in the editor."
      : "It may be restarting, or the connection is gone. The query is still in the editor: run it again.";
    const told = make("h2", {}, title);
    const state = make(
      "div",
      { class: `state ${left ? "stale" : "error"}` },
      told,
      make("p", {}, why),
    );
    this.#outcome?.replaceChildren(state);
    this.#tell(title);
  }

  /** Point at the place of a problem, in the editor. */
  #point(): void {
    const { problem, line, column, token } = this.#outcome?.dataset ?? {};
    if (problem === undefined || line === undefined) return;
    const place = {
      line: Number(line),
      column: Number(column),
      token: token ?? "",
    };
    this.#editor?.fault({ ...place, message: problem });
  }

  /** A result that is not that of the query in the editor says so. */
  #compare(): void {
    const changed = (this.#editor?.text ?? "").trim() !== this.#ran.trim();
    this.#part("[data-changed]", changed);
  }

  #record(): void {
    const rows = this.#outcome?.dataset["rows"];
    if (rows !== undefined) keep(this.#ran, rows);
  }

  #part(selector: string, shown: boolean): void {
    const part = this.querySelector<HTMLElement>(selector);
    if (part) part.hidden = !shown;
  }

  #tell(text: string): void {
    const told = this.querySelector("[data-told]");
    if (told) told.textContent = text.replace(/\s+/g, " ").trim();
  }
}

/** Where a form leads, as a browser would make it. */
function addressOf(form: HTMLFormElement): URL {
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) address.searchParams.append(name, String(value));
  return address;
}

define("query-page", QueryPage);
