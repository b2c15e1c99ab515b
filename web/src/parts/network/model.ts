/** What the service sends of a network: places included, so that it looks as it is drawn there. */
export interface Thing {
  id: string;
  label: string;
  kind: string;
  what: string;
  page: string;
  x: number;
  y: number;
  width: number;
  height: number;
  more: number;
  hub: boolean;
  unfolds: boolean;
  pinned: boolean;
}

export interface Tie {
  source: string;
  target: string;
  key: string;
  words: string;
  stated: boolean;
  why: string;
}

export interface Kind {
  key: string;
  words: string;
  count: number;
}

export interface NetworkData {
  graph: { focus: string; nodes_left_out: number; kinds: Kind[] };
  nodes: Thing[];
  edges: Tie[];
}

/** The name of a thing in addresses: `kind/slug`. */
export function short(iri: string): string {
  return iri.replace(/^.*\/id\//, "");
}

/** What is said of a thing to somebody who does not see it. */
export function described(data: NetworkData, thing: Thing): string {
  const names = new Map(data.nodes.map((one) => [one.id, one.label]));
  const ties = data.edges
    .filter((tie) => tie.source === thing.id || tie.target === thing.id)
    .map((tie) =>
      tie.source === thing.id
        ? `${tie.words} ${names.get(tie.target) ?? ""}`
        : `${names.get(tie.source) ?? ""} ${tie.words} it`,
    );
  const shown = ties.slice(0, 8).join("; ") || "no ties are drawn";
  const rest = ties.length > 8 ? `; and ${ties.length - 8} more ties` : "";
  const more = thing.more ? `. ${thing.more} more beside it` : "";
  return `${thing.label}, ${thing.what}${thing.pinned ? ", pinned" : ""}: ${shown}${rest}${more}.`;
}
