import { copyButton } from "./copy-button";
import { define } from "./dom";

/** `<copy-link>` around a link or a text: a button that copies where it leads, or what it says.
 *
 * `data-about` says for listeners what is copied.
 */
class CopyLink extends HTMLElement {
  connectedCallback(): void {
    if (this.querySelector(".copying")) return;
    const link = this.querySelector<HTMLAnchorElement>("a[href]");
    const about = this.dataset["about"] ?? "";
    this.append(
      copyButton("Copy", about, () => ({
        text: link?.href ?? this.firstElementChild?.textContent ?? "",
      })),
    );
  }
}

define("copy-link", CopyLink);
