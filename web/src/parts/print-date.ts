import { define } from "./dom";

/** `<print-date>`: the day on which a page is printed. The server does not say: its pages are kept. */
class PrintDate extends HTMLElement {
  connectedCallback(): void {
    addEventListener("beforeprint", () => {
      this.textContent = ` · printed on ${new Date().toISOString().slice(0, 10)}`;
    });
  }
}

define("print-date", PrintDate);
