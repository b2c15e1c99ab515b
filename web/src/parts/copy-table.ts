import { copyButton } from "./copy-button";
import type { Copied } from "./copying";
import { define, make } from "./dom";
import { footnote } from "./footnote";

/** `<copy-table>` before a table: a button that copies it with its format, and as text with tabs.
 *
 * The table is the next one in the page, or that with the id in `data-table`. What is copied ends
 * in the footnote of the page, so that it says what it rests on wherever it is put.
 */
class CopyTable extends HTMLElement {
  connectedCallback(): void {
    if (this.firstChild) return;
    const caption = this.#table()?.caption?.textContent?.trim() ?? "";
    this.append(
      copyButton("Copy table", caption, () => copied(this.#table(), caption, footnote(this))),
    );
  }

  #table(): HTMLTableElement | null {
    const named = this.dataset["table"];
    if (named) return document.getElementById(named) as HTMLTableElement | null;
    const after = (table: Element): boolean =>
      Boolean(this.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING);
    return [...document.querySelectorAll("table")].find(after) ?? null;
  }
}

function copied(table: HTMLTableElement | null, caption: string, line: string): Copied {
  const rows = [...(table?.rows ?? [])];
  const text = [
    ...(caption ? [caption] : []),
    ...rows.map((row) => [...row.cells].map(words).join("\t")),
    line,
  ].join("\n");
  const shown = make("table", { border: "1", cellspacing: "0", cellpadding: "4" });
  if (caption) shown.append(make("caption", {}, caption));
  for (const row of rows) shown.append(make("tr", {}, ...[...row.cells].map(cell)));
  const whole = make("div", {}, shown, make("p", {}, line));
  return { text, html: whole.outerHTML };
}

/** What a cell says, with what is for listeners only left out, unless it says nothing else. */
function words(from: Element): string {
  const plain = from.cloneNode(true) as Element;
  for (const hidden of plain.querySelectorAll(".hidden, svg, button")) hidden.remove();
  const text = (plain.textContent ?? "").replace(/\s+/g, " ").trim();
  const marks = [...from.querySelectorAll("svg title")].map((title) => title.textContent ?? "");
  return [text, ...marks].filter(Boolean).join(" ");
}

function cell(from: HTMLTableCellElement): HTMLElement {
  const name = from.tagName === "TH" ? "th" : "td";
  const right = /\b(number|total)\b/.test(from.className);
  const link = from.querySelector<HTMLAnchorElement>("a[href]");
  const text = words(from);
  const made = make(name, { align: right ? "right" : "left", valign: "top" });
  made.append(link && text ? make("a", { href: link.href }, text) : text);
  if (from.colSpan > 1) made.setAttribute("colspan", String(from.colSpan));
  if (from.rowSpan > 1) made.setAttribute("rowspan", String(from.rowSpan));
  return made;
}

define("copy-table", CopyTable);
