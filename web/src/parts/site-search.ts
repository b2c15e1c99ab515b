import { define, isTyping, make } from "./dom";

interface Hit {
  iri: string;
  label: string;
  type_label: string | null;
  matched: string | null;
}

const SHOWN = 8;
const PAUSE = 120; // milliseconds without a key before the service is asked

/** `<site-search>` around the field of the search form: offers what is meant while it is typed.
 *
 * An editable combobox with a list, as the ARIA Authoring Practices describe it. Without a script,
 * and when the service does not answer, the form leads to the page of results.
 */
class SiteSearch extends HTMLElement {
  #input: HTMLInputElement | null = null;
  readonly #list = make("ul", { id: "search-offers", class: "offers", role: "listbox" });
  readonly #told = make("span", { class: "hidden", role: "status" });
  #timer = 0;
  #asking: AbortController | null = null;
  #at = -1;

  connectedCallback(): void {
    const input = this.querySelector("input");
    if (!input) return;
    this.#input = input;
    const name = input.getAttribute("aria-label") ?? "Search";
    this.#list.setAttribute("aria-label", name);
    this.#list.hidden = true;
    this.append(this.#list, this.#told);
    for (const [key, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-controls": this.#list.id,
      "aria-expanded": "false",
    })) {
      input.setAttribute(key, value);
    }
    input.addEventListener("input", () => this.#wait());
    input.addEventListener("keydown", (event) => this.#press(event));
    input.addEventListener("blur", () => this.#close());
    // A press on the list would take the focus from the field, which closes the list.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.#go(option);
    });
    document.addEventListener("keydown", this.#reach);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.#reach);
    this.#asking?.abort();
  }

  readonly #reach = (event: KeyboardEvent): void => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "/" && plain && !isTyping(event) && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      this.#input?.focus();
      this.#input?.select();
    }
  };

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), PAUSE);
  }

  async #ask(): Promise<void> {
    const text = this.#input?.value.trim() ?? "";
    this.#asking?.abort();
    if (text.length < 2) {
      this.#close();
      return;
    }
    this.#asking = new AbortController();
    const address = new URL(this.dataset["source"] ?? "", location.href);
    address.searchParams.set("q", text);
    address.searchParams.set("limit", String(SHOWN));
    try {
      const answer = await fetch(address, {
        headers: { Accept: "application/json" },
        signal: this.#asking.signal,
      });
      if (!answer.ok) throw new Error(answer.statusText);
      const { rows } = (await answer.json()) as { rows: Hit[] };
      if (document.activeElement === this.#input) this.#show(rows);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) this.#close();
    }
  }

  #show(hits: readonly Hit[]): void {
    this.#list.replaceChildren(...hits.map((hit, number) => this.#option(hit, number)));
    this.#choose(-1);
    this.#open(hits.length > 0);
    const many = hits.length === 1 ? "1 suggestion" : `${hits.length} suggestions`;
    this.#told.textContent = hits.length ? many : "No suggestions";
  }

  #option(hit: Hit, number: number): HTMLElement {
    const name = make("bdi", {}, hit.label);
    const what = hit.matched && hit.matched !== hit.label ? [" ", called(hit.matched)] : [];
    const option = make(
      "li",
      { id: `search-offer-${number}`, role: "option", "aria-selected": "false" },
      make("span", {}, name, ...what),
      make("span", { class: "meta" }, hit.type_label ?? ""),
    );
    option.dataset["href"] = this.#page(hit.iri);
    return option;
  }

  /** Where a thing has its page: its IRI begins with the base of the data, its page with ours. */
  #page(iri: string): string {
    const base = this.dataset["base"] ?? "";
    const root = this.dataset["root"] ?? "/";
    if (!base || !iri.startsWith(base)) return "";
    // A page that is kept to a release says so in a field of the form.
    const kept = this.closest("form")?.querySelector<HTMLInputElement>("input[name=release]");
    return root + iri.slice(base.length) + (kept ? `?release=${kept.value}` : "");
  }

  #press(event: KeyboardEvent): void {
    const number = this.#list.children.length;
    const open = !this.#list.hidden;
    if (event.key === "Escape") {
      event.preventDefault();
      if (open) this.#close();
      else if (this.#input) this.#input.value = "";
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && number) {
      event.preventDefault();
      this.#open(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than there are options: there, the text itself is chosen.
      this.#choose(((this.#at + 1 + step + number + 1) % (number + 1)) - 1);
    } else if (event.key === "Enter" && open && this.#at >= 0) {
      event.preventDefault();
      this.#go(this.#list.children[this.#at] as HTMLElement);
    }
  }

  #choose(at: number): void {
    this.#at = at;
    [...this.#list.children].forEach((option, number) => {
      option.setAttribute("aria-selected", String(number === at));
      if (number === at) option.scrollIntoView({ block: "nearest" });
    });
    const chosen = this.#list.children[at];
    if (chosen) this.#input?.setAttribute("aria-activedescendant", chosen.id);
    else this.#input?.removeAttribute("aria-activedescendant");
  }

  #open(open: boolean): void {
    this.#list.hidden = !open;
    this.#input?.setAttribute("aria-expanded", String(open));
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#choose(-1);
    this.#open(false);
  }

  #go(option: HTMLElement): void {
    const href = option.dataset["href"];
    if (href) location.assign(href);
    else this.#input?.form?.requestSubmit();
  }
}

function called(name: string): HTMLElement {
  return make("span", { class: "meta" }, "“", make("bdi", {}, name), "”");
}

define("site-search", SiteSearch);
