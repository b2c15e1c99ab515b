import { copyButton } from "../copy-button";
import { define } from "../dom";

/** `<copy-code data-about="curl">` around a `<pre>`: a button that copies what is in it. */
class CopyCode extends HTMLElement {
  connectedCallback(): void {
    if (this.querySelector("button")) return;
    const about = this.dataset["about"] ?? "";
    const give = (): { text: string } => ({
      text: this.querySelector("pre")?.textContent ?? "",
    });
    this.prepend(copyButton("Copy", about, give));
  }
}

define("copy-code", CopyCode);
