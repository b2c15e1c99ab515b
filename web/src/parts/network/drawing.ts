import type { Core, ElementDefinition, NodeSingular, StylesheetJson } from "cytoscape";
import type { NetworkData, Thing } from "./model";

// The package would write a style of its own into the page, which the policy of the service refuses;
// it does not where this is there. `network.css` has what it would say.
const ITS_STYLE = "__________cytoscape_stylesheet";
const KINDS = ["company", "therapy", "region", "therapy-type", "indication"];
const SHAPES = { company: "■", therapy: "●", region: "◆", "therapy-type": "▲", indication: "⬢" };

/** Draw a network into an element; the package comes with the first that is drawn. */
export async function draw(into: HTMLElement, data: NetworkData): Promise<Core> {
  const { default: cytoscape } = await import("cytoscape");
  if (!document.getElementById(ITS_STYLE)) {
    const none = document.createElement("template");
    none.id = ITS_STYLE;
    document.head.append(none);
  }
  return cytoscape({
    container: into,
    elements: elements(data),
    style: style(into),
    layout: { name: "preset" },
    minZoom: 0.2,
    maxZoom: 3,
    boxSelectionEnabled: false,
    selectionType: "single",
  });
}

/** Show other data: what stays moves to its place, where motion is welcome. */
export function redraw(cy: Core, data: NetworkData): void {
  const fresh = elements(data);
  const kept = new Set(fresh.map((one) => one.data.id));
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  cy.batch(() => {
    cy.elements()
      .filter((one) => !kept.has(one.id()))
      .remove();
    for (const one of fresh) {
      const there = cy.getElementById(one.data.id ?? "");
      if (there.empty()) cy.add(one);
      else there.data(one.data);
    }
  });
  for (const thing of data.nodes) {
    const node = cy.getElementById(thing.id);
    const position = { x: thing.x, y: thing.y };
    if (still) node.position(position);
    else node.animate({ position }, { duration: 200 });
  }
}

/** The colours of the page, as they are now, for a canvas that knows no custom properties. */
export function style(within: HTMLElement): StylesheetJson {
  const probe = within.appendChild(document.createElement("i"));
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const found = style_of(colour, getComputedStyle(within).fontFamily);
  probe.remove();
  return found;
}

function style_of(colour: (name: string) => string, font: string): StylesheetJson {
  return [
    {
      selector: "node",
      style: {
        shape: "round-rectangle",
        width: "data(width)",
        height: "data(height)",
        label: "data(text)",
        color: colour("ink"),
        "font-family": font,
        "font-size": 12.5,
        "text-valign": "center",
        "text-halign": "center",
        "background-color": colour("bg"),
        "border-width": 1,
        "border-color": colour("ink2"),
      },
    },
    ...KINDS.map((kind) => ({
      selector: `node[kind = "${kind}"]`,
      style: { "border-color": colour(kind) },
    })),
    { selector: "node[?focus]", style: { "background-color": colour("soft"), "border-width": 2 } },
    { selector: "node[?pinned]", style: { "border-style": "double", "border-width": 4 } },
    {
      selector: "node:selected",
      style: { "border-width": 3, "border-color": colour("accent") },
    },
    {
      selector: "edge",
      style: {
        width: 1.2,
        "line-color": colour("field"),
        "curve-style": "straight",
      },
    },
    { selector: "edge[!stated]", style: { "line-style": "dashed" } },
    {
      selector: "edge[?near]",
      style: { width: 2.5, "line-color": colour("accent") },
    },
  ];
}

/** The next thing in a direction: the nearest within a quarter of all around. */
export function nextTo(cy: Core, from: NodeSingular, key: string): NodeSingular | null {
  const across = { ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0;
  const down = { ArrowUp: -1, ArrowDown: 1 }[key] ?? 0;
  const { x, y } = from.position();
  let best: NodeSingular | null = null;
  let least = Infinity;
  for (const node of cy.nodes().toArray()) {
    const dx = node.position().x - x;
    const dy = node.position().y - y;
    const along = dx * across + dy * down;
    const aside = Math.abs(dx * down) + Math.abs(dy * across);
    if (node.id() === from.id() || along <= 0 || aside > 2 * along) continue;
    if (along + 2 * aside < least) [best, least] = [node as NodeSingular, along + 2 * aside];
  }
  return best;
}

function elements(data: NetworkData): ElementDefinition[] {
  const nodes = data.nodes.map((thing) => ({
    group: "nodes" as const,
    data: { ...thing, text: text(thing), focus: thing.id === data.graph.focus },
    position: { x: thing.x, y: thing.y },
  }));
  const lines = new Map<string, ElementDefinition>();
  for (const tie of data.edges) {
    const ends = [tie.source, tie.target].sort();
    const id = `line ${ends.join(" ")}`;
    const stated = tie.stated || Boolean(lines.get(id)?.data["stated"]);
    const [source, target] = ends;
    lines.set(id, {
      group: "edges",
      data: { id, source: source ?? "", target: target ?? "", stated },
    });
  }
  return [...nodes, ...lines.values()];
}

function text(thing: Thing): string {
  // About as much as the service has room for; the whole is in the list.
  const letters = [...thing.label];
  const room = Math.max(8, Math.floor((thing.width - 36) / 7));
  const name = letters.length > room ? `${letters.slice(0, room - 1).join("")}…` : thing.label;
  const shape = SHAPES[thing.kind as keyof typeof SHAPES] ?? "○";
  const more = thing.more ? `  +${thing.more}` : "";
  return `${shape} ${name}${thing.hub ? `  ${thing.more} ties` : more}`;
}
