import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { type Asking, type Known, type Thing } from "./schema";
import { declared, tokens } from "./tokens";

const KEYWORDS =
  "SELECT CONSTRUCT DESCRIBE ASK WHERE FROM NAMED PREFIX BASE DISTINCT REDUCED OPTIONAL UNION MINUS GRAPH FILTER BIND VALUES UNDEF EXISTS NOT IN AS GROUP BY ORDER HAVING ASC DESC LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI IF COALESCE CONCAT STRLEN SUBSTR UCASE LCASE CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER REPLACE REGEX ABS CEIL FLOOR ROUND YEAR MONTH DAY NOW ISIRI ISBLANK ISLITERAL ISNUMERIC SAMETERM".split(
    " ",
  );
const LEAST = 3; // letters of a name before the service is asked

/** Offers variables, keywords, prefixes, classes and properties, as what is typed may become. */
export function names(asking: Asking) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    if (isText(context)) return null;
    const variable = context.matchBefore(/[?$][\p{L}\p{N}_]*$/u);
    if (variable)
      return {
        from: variable.from,
        options: variables(context, variable.text),
      };
    const word = context.matchBefore(/[\p{L}][\p{L}\p{N}_-]*(?::[\p{L}\p{N}_-]*)?$/u);
    if (!word && !context.explicit) return null;
    const schema = await asking.schema();
    const terms = [...schema.classes, ...schema.properties];
    const from = word?.from ?? context.pos;
    const validFor = /^[\p{L}\p{N}_:-]*$/u;
    if (word?.text.includes(":")) return { from, options: terms.map(term), validFor };
    const own = [...declared(tokens(context.state.doc.toString()))];
    const prefixes = [...new Set([...own, ...Object.keys(schema.prefixes)])].map((prefix) => ({
      label: `${prefix}:`,
      type: "namespace",
      detail: schema.prefixes[prefix] ?? "declared here",
    }));
    const keywords = KEYWORDS.map((label) => ({
      label,
      type: "keyword",
      boost: -1,
    }));
    return {
      from,
      options: [...prefixes, ...terms.flatMap(byLabel), ...keywords],
      validFor,
    };
  };
}

/** Offers things by name: a word, or whatever stands after `<`, which may have blanks in it. */
export function things(asking: Asking, base: string) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    if (isText(context)) return null;
    const begun = context.matchBefore(/<[^<>"{}|^`\\\n]*$/);
    const word = begun ?? context.matchBefore(/(?<![?$:@\p{L}\p{N}_-])\p{L}[\p{L}\p{N}-]*$/u);
    const text = word?.text.replace(/^</, "").trim() ?? "";
    if (!word || text.length < LEAST || /^[a-z]+:/i.test(text)) return null;
    const found = await asking.things(text);
    if (context.aborted || !found.length) return null;
    return {
      from: word.from,
      options: found.map((one) => thing(one, base)),
      filter: false,
    };
  };
}

/** How a query writes an IRI: relative to the base of the data, where it is below that. */
export function written(iri: string, base: string): string {
  return `<${base && iri.startsWith(base) ? iri.slice(base.length) : iri}>`;
}

function thing(found: Thing, base: string): Completion {
  const iri = written(found.iri, base);
  const called = found.matched && found.matched !== found.label ? ` (“${found.matched}”)` : "";
  return {
    label: found.label + called,
    apply: iri,
    type: "text",
    detail: found.type_label ?? "",
    info: iri,
  };
}

function term(known: Known): Completion {
  const many = known.number.toLocaleString("en");
  const used = known.number ? `${known.kind} · ${many}` : `${known.kind} · not in this release`;
  return {
    label: known.name,
    type: known.kind,
    detail: used,
    info: known.comment || known.label,
    // Up to 10 for what is used a million times, and behind all others what is not used.
    boost: known.number ? Math.min(10, Math.log10(known.number) * 1.5) : -20,
  };
}

/** A term by its name, and by its label where that is another word. */
function byLabel(known: Known): Completion[] {
  const plain = term(known);
  const local = known.name.slice(known.name.indexOf(":") + 1);
  if (!known.number) return [plain];
  return [plain, { ...plain, label: local, displayLabel: known.name, apply: known.name }];
}

function variables(context: CompletionContext, typed: string): Completion[] {
  const found = tokens(context.state.doc.toString()).filter(
    (token) => token.kind === "variable" && token.from + token.text.length !== context.pos,
  );
  const mark = typed.slice(0, 1);
  return [...new Set(found.map((token) => mark + token.text.slice(1)))].map((label) => ({
    label,
    type: "variable",
  }));
}

/** Whether what is typed is text or a comment, where nothing is offered. */
function isText(context: CompletionContext): boolean {
  const before = tokens(context.state.doc.toString()).find(
    (token) => token.from < context.pos && token.from + token.text.length >= context.pos,
  );
  if (before?.kind === "comment") return true;
  return before?.kind === "string" && before.from + before.text.length > context.pos;
}
