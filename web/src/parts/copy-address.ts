import { copyButton } from "./copy-button";
import { define } from "./dom";

/** `<copy-address>`: a button that copies the address of the page, filters and all. */
class CopyAddress extends HTMLElement {
  connectedCallback(): void {
    if (this.firstChild) return;
    this.append(copyButton("Copy link", "", () => ({ text: location.href })));
  }
}

define("copy-address", CopyAddress);
