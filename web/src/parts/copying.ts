/** What a reader copies: as text, and with its format where a program takes that. */
export interface Copied {
  text: string;
  html?: string;
}

/** Put it on the clipboard; whether that went well.
 *
 * `navigator.clipboard` is there in secure contexts only, and a service in a local network is none:
 * the event of copying, which is as old as browsers are, takes both kinds too.
 */
export async function copy({ text, html }: Copied): Promise<boolean> {
  if ("clipboard" in navigator && "ClipboardItem" in window) {
    const kinds: Record<string, Blob> = { "text/plain": new Blob([text], { type: "text/plain" }) };
    if (html) kinds["text/html"] = new Blob([html], { type: "text/html" });
    try {
      await navigator.clipboard.write([new ClipboardItem(kinds)]);
      return true;
    } catch {
      // Refused: the older way may still be open.
    }
  }
  return copyByEvent({ text, html });
}

function copyByEvent({ text, html }: { text: string; html: string | undefined }): boolean {
  let taken = false;
  const give = (event: ClipboardEvent): void => {
    event.clipboardData?.setData("text/plain", text);
    if (html) event.clipboardData?.setData("text/html", html);
    event.preventDefault();
    taken = event.clipboardData !== null;
  };
  document.addEventListener("copy", give, { once: true });
  document.execCommand("copy");
  document.removeEventListener("copy", give);
  return taken;
}
