import { define, make } from "./dom";

/** `<evidence-dialog>` around links with `data-evidence` and a dialog: shows what they lead to.
 *
 * The page that a link leads to has its evidence in `#evidence`; that part of it is shown in place.
 * Whatever goes wrong, the link is followed as if there were no script.
 */
class EvidenceDialog extends HTMLElement {
  #under = new AbortController();

  connectedCallback(): void {
    this.addEventListener("click", this.#click);
  }

  disconnectedCallback(): void {
    this.removeEventListener("click", this.#click);
    this.#under.abort();
  }

  readonly #click = (event: MouseEvent): void => {
    const dialog = this.querySelector("dialog");
    if (dialog && event.target === dialog) dialog.close(); // beside what it shows
    const link = event.target instanceof Element ? event.target.closest("a[data-evidence]") : null;
    if (!(link instanceof HTMLAnchorElement) || !dialog) return;
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      return;
    }
    event.preventDefault();
    void this.#show(dialog, link.href);
  };

  async #show(dialog: HTMLDialogElement, address: string): Promise<void> {
    this.#under.abort();
    this.#under = new AbortController();
    const { signal } = this.#under;
    this.#say("Reading the evidence");
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" }, signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const part = page.querySelector("#evidence");
      if (!answer.ok || !part) throw new Error("no evidence");
      this.#fill(dialog, part, address);
      dialog.showModal();
      this.#say("");
    } catch {
      if (!signal.aborted) location.assign(address);
    }
  }

  #fill(dialog: HTMLDialogElement, part: Element, address: string): void {
    // One page has one first heading: that of the part becomes one below it.
    const heading = part.querySelector("h1");
    const title = make("h2", { id: "behind-title" });
    title.append(...(heading?.childNodes ?? []));
    heading?.replaceWith(title);
    dialog.querySelector("[data-content]")?.replaceChildren(...part.childNodes);
    dialog.querySelector("[data-whole]")?.setAttribute("href", address);
    dialog.scrollTop = 0;
  }

  #say(text: string): void {
    const status = this.querySelector(":scope > [role=status]");
    if (status) status.textContent = text;
  }
}

define("evidence-dialog", EvidenceDialog);
