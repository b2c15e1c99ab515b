import { make } from "./dom";

const SCALE = 2; // dots for each pixel of the drawing, so that it can be printed
const PAD = 8; // pixels around the line below
const HIGH = 17; // of a line
const MOST = 8192; // dots that a side may have in every browser

/** A PNG of an image, drawn on the ground of the page in so many of its pixels.
 *
 * `line` stands below it, broken where it is too long.
 */
export function onGround(
  image: CanvasImageSource,
  width: number,
  height: number,
  line: string,
): Promise<Blob> {
  const lines = broken(line, width - 2 * PAD);
  const below = lines.length ? lines.length * HIGH + 2 * PAD : 0;
  const scale = Math.min(SCALE, MOST / Math.max(width, height + below));
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

/** Give the reader a file. */
export function saveAs(blob: Blob, name: string): void {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
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
