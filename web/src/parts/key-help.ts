import { define, isTyping } from "./dom";

const PATIENCE = 1500; // milliseconds between `g` and the letter

/** `<key-help>` around a button and a dialog that lists the keys; the keys work because of it.
 *
 * Pages that can be gone to are links in the dialog with `data-key`.
 */
class KeyHelp extends HTMLElement {
  #going = 0;

  connectedCallback(): void {
    const opener = this.querySelector<HTMLButtonElement>("button[data-open]");
    if (opener) opener.hidden = false;
    opener?.addEventListener("click", () => this.#open());
    document.addEventListener("keydown", this.#press);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.#press);
  }

  #open(): void {
    const dialog = this.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
  }

  readonly #press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event)) return;
    const awaited = event.timeStamp - this.#going < PATIENCE && this.#going > 0;
    this.#going = 0;
    if (awaited) {
      const link = this.querySelector<HTMLAnchorElement>(`a[data-key="${CSS.escape(event.key)}"]`);
      if (link) {
        event.preventDefault();
        link.click();
      }
    } else if (event.key === "?") {
      event.preventDefault();
      this.#open();
    } else if (event.key === "g") {
      this.#going = event.timeStamp;
    }
  };
}

define("key-help", KeyHelp);
