import { define, make } from "../dom";

const PAGE = 50;
const order = new Intl.Collator("en", { numeric: true });

/** `<result-table>` around a table: its heads sort it, and it comes in parts of 50 rows. */
class ResultTable extends HTMLElement {
  #rows: HTMLTableRowElement[] = [];
  #heads: HTMLTableCellElement[] = [];
  #first = 0;
  #sorted = -1;
  #down = false;
  readonly #pager = make("nav", { class: "pager", "aria-label": "Rows" });

  connectedCallback(): void {
    if (this.#rows.length) return;
    const table = this.querySelector("table");
    if (!table) return;
    this.#rows = [...(table.tBodies[0]?.rows ?? [])];
    this.#heads = [...table.querySelectorAll("th")];
    this.#heads.forEach((head, column) => {
      const button = make("button", { type: "button", class: "sort" }, ...head.childNodes);
      button.addEventListener("click", () => this.#sort(column));
      head.replaceChildren(button);
    });
    this.append(this.#pager);
    this.#show();
    addEventListener("beforeprint", this.#all);
    addEventListener("afterprint", this.#part);
  }

  disconnectedCallback(): void {
    removeEventListener("beforeprint", this.#all);
    removeEventListener("afterprint", this.#part);
  }

  readonly #all = (): void => {
    for (const row of this.#rows) row.hidden = false;
  };

  readonly #part = (): void => this.#show();

  #sort(column: number): void {
    this.#down = this.#sorted === column && !this.#down;
    this.#sorted = column;
    const number = this.#heads[column]?.classList.contains("number") ?? false;
    const turn = this.#down ? -1 : 1;
    const keyed = this.#rows.map((row) => [key(row.cells[column]), row] as const);
    keyed.sort(([one], [other]) => {
      // What has no value comes last, whichever way.
      if (one === null || other === null) return Number(one === null) - Number(other === null);
      return turn * (number ? Number(one) - Number(other) : order.compare(one, other));
    });
    this.#rows = keyed.map(([, row]) => row);
    this.#heads.forEach((head, at) => {
      if (at === column) head.setAttribute("aria-sort", this.#down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    this.querySelector("tbody")?.append(...this.#rows);
    this.#first = 0;
    this.#show();
  }

  #show(): void {
    const last = Math.min(this.#first + PAGE, this.#rows.length);
    this.#rows.forEach((row, at) => (row.hidden = at < this.#first || at >= last));
    this.#pager.hidden = this.#rows.length <= PAGE;
    if (this.#pager.hidden) return;
    const text = `Rows ${this.#first + 1}–${last} of ${this.#rows.length.toLocaleString("en")}`;
    this.#pager.replaceChildren(
      make("span", { class: "meta", role: "status" }, text),
      this.#turn("Before", -PAGE, this.#first > 0),
      this.#turn("Next", PAGE, last < this.#rows.length),
    );
  }

  #turn(text: string, by: number, possible: boolean): HTMLButtonElement {
    const button = make("button", { type: "button", class: "quiet" }, text);
    button.disabled = !possible;
    button.addEventListener("click", () => {
      this.#first += by;
      this.#show();
      const next = [...this.#pager.querySelectorAll("button")];
      (
        next.find((one) => one.textContent === text && !one.disabled) ??
        next.find((one) => !one.disabled)
      )?.focus();
      this.querySelector(".scroll")?.scrollTo(0, 0);
    });
    return button;
  }
}

function key(cell: HTMLTableCellElement | undefined): string | null {
  if (!cell || cell.classList.contains("unbound")) return null;
  return (cell.querySelector("bdi") ?? cell).textContent ?? "";
}

define("result-table", ResultTable);
