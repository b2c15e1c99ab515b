/** What a piece of a query is; `space` is blank, `mark` is punctuation or an operator. */
export type Kind =
  "comment" | "iri" | "string" | "variable" | "name" | "number" | "word" | "space" | "mark";

export interface Token {
  kind: Kind;
  text: string;
  from: number;
}

// As SPARQL 1.1 has its terminals, as far as an editor needs them; a name ends without a dot.
const PATTERN = new RegExp(
  [
    /(?<comment>#[^\n]*)/u,
    /(?<iri><[^<>"{}|^`\\\s]*>)/u,
    /(?<string>"""(?:[^"\\]|\\[\s\S]|"(?!""))*"""|'''(?:[^'\\]|\\[\s\S]|'(?!''))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/u,
    /(?<variable>[?$][\p{L}\p{N}_]+)/u,
    /(?<name>(?:\p{L}(?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?)?:(?:(?:[\p{L}\p{N}_:%]|\\.)(?:(?:[\p{L}\p{N}_.:%-]|\\.)*(?:[\p{L}\p{N}_:%-]|\\.))?)?)/u,
    /(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)/u,
    /(?<word>@?[\p{L}_][\p{L}\p{N}_-]*)/u,
    /(?<space>\s+)/u,
    /(?<mark>&&|\|\||\^\^|[<>!]=|[\s\S])/u,
  ]
    .map((part) => part.source)
    .join("|"),
  "gu",
);

/** Cut a query into tokens; together they are the query. */
export function tokens(text: string): Token[] {
  return [...text.matchAll(PATTERN)].map((found) => {
    const [kind] =
      Object.entries(found.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    return {
      kind: (kind ?? "mark") as Kind,
      text: found[0],
      from: found.index,
    };
  });
}

/** The prefixes that a query declares itself. */
export function declared(found: readonly Token[]): Set<string> {
  const telling = found.filter((token) => token.kind !== "space" && token.kind !== "comment");
  const names = new Set<string>();
  telling.forEach((token, at) => {
    const next = telling[at + 1];
    if (token.text.toUpperCase() === "PREFIX" && next?.kind === "name") {
      names.add(next.text.slice(0, next.text.indexOf(":")));
    }
  });
  return names;
}
