import { tokens, type Token } from "./tokens";

const STEP = "  ";
// What begins a line of its own: in a query, and in a group of patterns.
const CLAUSES =
  /^(PREFIX|BASE|SELECT|CONSTRUCT|DESCRIBE|ASK|FROM|GROUP|ORDER|HAVING|LIMIT|OFFSET)$/i;
const PATTERNS = /^(OPTIONAL|FILTER|BIND|MINUS|GRAPH|SERVICE|VALUES)$/i;
const OPENING = ["{", "[", "("];
const PAIRS: Record<string, string> = { "}": "{", "]": "[", ")": "(" };

/** Indents a query, one pattern a line: only blanks change, and none within text. */
class Writer {
  readonly #lines: string[] = [];
  readonly #open: string[] = [];
  #line = "";
  #last = "";
  // After `;` the subject goes on, in lines that stand further in.
  #goesOn = false;

  write(found: readonly Token[]): string {
    let blank = false;
    for (const token of found) {
      if (token.kind === "space") this.#space(token.text.split("\n").length - 1);
      else this.#token(token, blank);
      blank = token.kind === "space";
    }
    this.#end();
    return `${this.#lines.join("\n").trim()}\n`;
  }

  get #within(): string {
    return this.#open[this.#open.length - 1] ?? "";
  }

  #space(breaks: number): void {
    if (breaks > 0) this.#end();
    // One empty line between parts stays, several become one.
    if (breaks > 1 && this.#lines.length && this.#lines[this.#lines.length - 1]) {
      this.#lines.push("");
    }
  }

  #token(token: Token, blank: boolean): void {
    const mark = token.kind === "mark" ? token.text : "";
    if (mark === "}") {
      this.#end();
      if (this.#lines[this.#lines.length - 1] === "") this.#lines.pop();
      this.#goesOn = false;
    } else if (token.kind === "word" && this.#begins(token.text)) {
      this.#end();
      this.#goesOn = false;
    }
    if (mark && PAIRS[mark] === this.#within) this.#open.pop();
    this.#put(token.text, blank);
    if (OPENING.includes(mark)) this.#open.push(mark);
    this.#last = token.text;
    this.#after(token.kind === "comment", mark);
  }

  #after(comment: boolean, mark: string): void {
    if (comment || mark === "{") this.#end();
    if (mark === "{" || (mark === "." && this.#within === "{")) this.#goesOn = false;
    if (this.#within === "(") return;
    if (mark === ";" && this.#within === "{") this.#goesOn = true;
    if (mark === "." || mark === ";" || mark === "}") this.#end();
  }

  #begins(word: string): boolean {
    if (this.#within === "(") return false;
    return CLAUSES.test(word) || (PATTERNS.test(word) && /[)}]$/.test(this.#last));
  }

  #put(text: string, apart: boolean): void {
    const depth = this.#open.filter((mark) => mark !== "(").length + (this.#goesOn ? 1 : 0);
    if (!this.#line) this.#line = STEP.repeat(depth) + text;
    else this.#line += (apart ? " " : "") + text;
  }

  #end(): void {
    if (this.#line.trim()) this.#lines.push(this.#line.trimEnd());
    this.#line = "";
  }
}

/** Format a query. */
export function format(query: string): string {
  return new Writer().write(tokens(query));
}
