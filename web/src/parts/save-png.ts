import { define, make } from "./dom";
import { footnote } from "./footnote";

const SCALE = 2; // dots for each pixel of the drawing, so that it can be printed
const PAD = 8; // pixels around the line below
const HIGH = 17; // of a line
const MOST = 8192; // dots that a side may have in every browser
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
          (blob) => download(blob, `${this.dataset["name"] || "picture"}.png`),
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

/** Draw an SVG as it is shown, colours of the page included, on the ground of the page.
 *
 * `line` stands below it, broken where it is too long.
 */
export async function png(svg: SVGSVGElement, line = ""): Promise<Blob> {
  const { width, height } = svg.getBoundingClientRect();
  const lines = broken(line, width - 2 * PAD);
  const below = lines.length ? lines.length * HIGH + 2 * PAD : 0;
  const scale = Math.min(SCALE, MOST / Math.max(width, height + below));
  const image = new Image();
  const drawn = alone(svg, width, height, await fonts());
  image.src = `data:image/svg+xml,${encodeURIComponent(drawn)}`;
  await image.decode();
  const canvas = make("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round((height + below) * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("there is no canvas");
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, Math.round(height * scale));
  context.scale(scale, scale);
  context.font = font();
  context.textBaseline = "top";
  context.fillStyle = getComputedStyle(document.body).color;
  lines.forEach((text, at) => context.fillText(text, PAD, height + PAD + at * HIGH));
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"),
  );
}

function font(): string {
  return `12px ${getComputedStyle(document.body).fontFamily}`;
}

/** A text in lines of at most so many pixels; a word that is longer has a line of its own. */
function broken(text: string, room: number): string[] {
  const context = make("canvas").getContext("2d");
  if (!context || !text) return [];
  context.font = font();
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && context.measureText(longer).width <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
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

function download(blob: Blob, name: string): void {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

define("save-png", SavePng);
