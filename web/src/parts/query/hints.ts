import type { Diagnostic } from "@codemirror/lint";
import { type Known, type Schema } from "./schema";
import { declared, tokens } from "./tokens";

/** What is wrong with a query, as the service said it: line and column count from 1. */
export interface Fault {
  line: number;
  column: number;
  token: string;
  message: string;
}

const OURS = "kg";

/** Where a fault is in a text. The service counts code points, an editor halves of some. */
export function placeOf(text: string, fault: Fault): { from: number; to: number } {
  const lines = text.split("\n");
  const line = lines[fault.line - 1] ?? "";
  const before = lines.slice(0, fault.line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const from = Math.min(before + [...line].slice(0, fault.column - 1).join("").length, text.length);
  const to = text.startsWith(fault.token, from) ? from + fault.token.length : from + 1;
  // At the end of the text there is nothing to underline but what stands before.
  return from >= text.length
    ? { from: Math.max(0, text.trimEnd().length - 1), to: text.length }
    : { from, to: Math.min(Math.max(to, from + 1), text.length) };
}

/** Names of ours that the release does not have, and prefixes that nobody declares. */
export function hints(text: string, schema: Schema): Diagnostic[] {
  if (!Object.keys(schema.prefixes).length) return [];
  const found = tokens(text);
  const own = declared(found);
  const terms = [...schema.classes, ...schema.properties];
  const known = new Map(terms.map((term) => [term.name, term]));
  return found.flatMap((token, at): Diagnostic[] => {
    if (token.kind !== "name" || isDeclared(found, at)) return [];
    const prefix = token.text.slice(0, token.text.indexOf(":"));
    const place = { from: token.from, to: token.from + token.text.length };
    if (!own.has(prefix) && !(prefix in schema.prefixes)) {
      return [
        {
          ...place,
          severity: "warning",
          message: `The prefix ${prefix}: is not declared.`,
        },
      ];
    }
    if (prefix !== OURS || own.has(prefix)) return [];
    const term = known.get(token.text);
    if (term?.number) return [];
    const said = term
      ? `${token.text} is in the vocabulary, and this release says nothing with it.`
      : `${token.text} is no class or property of this release.${near(token.text, terms)}`;
    return [{ ...place, severity: "info", message: said }];
  });
}

function isDeclared(found: ReturnType<typeof tokens>, at: number): boolean {
  const before = found.slice(0, at).filter(({ kind }) => kind !== "space" && kind !== "comment");
  return before[before.length - 1]?.text.toUpperCase() === "PREFIX";
}

function near(name: string, terms: readonly Known[]): string {
  const close = terms
    .map((term) => [distance(name.toLowerCase(), term.name.toLowerCase()), term] as const)
    .filter(([apart]) => apart <= Math.max(2, name.length / 4))
    .sort(([one, a], [other, b]) => one - other || b.number - a.number)
    .slice(0, 3)
    .map(([, term]) => term.name);
  return close.length ? ` Near: ${close.join(", ")}.` : "";
}

/** Levenshtein distance. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  [...one].forEach((letter, at) => {
    const next = [at + 1];
    [...other].forEach((same, place) => {
      const changed = (row[place] ?? 0) + (letter === same ? 0 : 1);
      next.push(Math.min(changed, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1));
    });
    row = next;
  });
  return row[other.length] ?? 0;
}
