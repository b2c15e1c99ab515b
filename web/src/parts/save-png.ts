import { define, make } from "./dom";
import { footnote } from "./footnote";
import { onGround, saveAs } from "./picture";

// What the styles of the page decide of a drawing; in a file of its own there are none.
const STYLES = [
  ..."fill fill-opacity stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin".split(
    " ",
  ),
  ..."stroke-opacity opacity font-family font-size font-weight font-style text-anchor".split(" "),
  ..."dominant-baseline visibility display letter-spacing font-variant-numeric paint-order".split(
    " ",
  ),
];

/** `<save-png data-name="landscape">` in or before a figure: a button that saves its SVG as PNG.
 *
 * The SVG is the one with the id in `data-svg`, else that of the figure around this, else the next
 * one in the page that is no mark.
 */
class SavePng extends HTMLElement {
  connectedCallback(): void {
    if (this.firstChild) return;
    const button = make("button", { type: "button", class: "quiet" }, "PNG");
    const said = make("span", { class: "meta", role: "status" });
    button.addEventListener("click", () => {
      const svg = this.#svg();
      said.textContent = "";
      if (svg)
        void png(svg, footnote(this)).then(
          (blob) => saveAs(blob, `${this.dataset["name"] || "picture"}.png`),
          () => (said.textContent = "This picture could not be made a PNG; the SVG can be saved."),
        );
    });
    this.append(button, said);
  }

  #svg(): SVGSVGElement | null {
    const named = this.dataset["svg"];
    if (named) return document.getElementById(named) as SVGSVGElement | null;
    const after = (svg: Element): boolean =>
      Boolean(this.compareDocumentPosition(svg) & Node.DOCUMENT_POSITION_FOLLOWING);
    return shown(this.closest("figure")) ?? shown(document, after);
  }
}

/** The first picture that is in view: a page may have another one for narrow windows. */
function shown(
  within: ParentNode | null,
  fits: (svg: Element) => boolean = () => true,
): SVGSVGElement | null {
  const found = within?.querySelectorAll<SVGSVGElement>("svg:not(.mark)") ?? [];
  return [...found].find((svg) => svg.getBoundingClientRect().width > 0 && fits(svg)) ?? null;
}

/** An SVG as it is shown, colours of the page included, with `line` below it. */
async function png(svg: SVGSVGElement, line = ""): Promise<Blob> {
  const { width, height } = svg.getBoundingClientRect();
  const image = new Image();
  const drawn = alone(svg, width, height, await fonts());
  image.src = `data:image/svg+xml,${encodeURIComponent(drawn)}`;
  await image.decode();
  return onGround(image, width, height, line);
}

/** The text of an SVG with the styles of the page written into it. */
function alone(svg: SVGSVGElement, width: number, height: number, faces: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const copies = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  [svg, ...svg.querySelectorAll<SVGElement>("*")].forEach((from, number) => {
    const styles = getComputedStyle(from);
    // Presentation attributes, since the policy of the page holds for style attributes.
    for (const name of STYLES) copies[number]?.setAttribute(name, styles.getPropertyValue(name));
    copies[number]?.removeAttribute("class");
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = faces;
  copy.prepend(style);
  return new XMLSerializer().serializeToString(copy);
}

/** The fonts that the page has loaded, as rules with the fonts in them: a picture fetches nothing. */
async function fonts(): Promise<string> {
  const loaded = new Set([...document.fonts].filter((font) => font.status === "loaded").map(face));
  const rules = [...document.styleSheets]
    .filter((sheet) => !sheet.href || new URL(sheet.href).origin === location.origin)
    .flatMap((sheet) => [...sheet.cssRules].map((rule) => ({ rule, base: sheet.href })))
    .filter(({ rule }) => rule instanceof CSSFontFaceRule)
    .filter(({ rule }) => loaded.has(face(described(rule as CSSFontFaceRule))));
  const made = rules.map(async ({ rule, base }) => {
    const address = /url\("?([^")]+)"?\)/.exec(rule.cssText)?.[1];
    if (!address) return "";
    const answer = await fetch(new URL(address, base ?? location.href));
    return answer.ok ? rule.cssText.replace(address, await dataAddress(await answer.blob())) : "";
  });
  return (await Promise.all(made)).join("\n");
}

interface Face {
  family: string;
  style: string;
  unicodeRange: string;
}

function described(rule: CSSFontFaceRule): Face {
  const value = (name: string, usual: string): string => rule.style.getPropertyValue(name) || usual;
  return {
    family: value("font-family", ""),
    style: value("font-style", "normal"),
    unicodeRange: value("unicode-range", "U+0-10FFFF"),
  };
}

/** What tells a face from another one; browsers write the same range in more than one way. */
function face({ family, style, unicodeRange }: Face): string {
  const range = unicodeRange
    .toUpperCase()
    .replace(/\s+/g, "")
    .replace(/(\+|-)0+(?=[0-9A-F])/g, "$1");
  return [family.replace(/["']/g, ""), style, range].join("|");
}

function dataAddress(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error("a font could not be read"));
    reader.readAsDataURL(blob);
  });
}

define("save-png", SavePng);
