/** What a table or a picture rests on: the line below it, else the one at the end of the page. */
export function footnote(from: Element): string {
  const near = from.closest("section, figure")?.querySelector(".footnote");
  const line = near ?? document.querySelector("footer .footnote");
  return (line?.textContent ?? "").replace(/\s+/g, " ").trim();
}
