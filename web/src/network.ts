import type { Core, NodeSingular } from "cytoscape";
import { define, make } from "./parts/dom";
import { footnote } from "./parts/footnote";
import { draw, nextTo, redraw, style } from "./parts/network/drawing";
import { described, type NetworkData, short, type Thing } from "./parts/network/model";
import { State } from "./parts/network/state";
import { list } from "./parts/network/things";
import { onGround, saveAs } from "./parts/picture";

/** `<network-view data-source="…">` around the drawing of the server: a network to be arranged.
 *
 * The drawing stays until a reader asks for more. Then each step (unfold, pin, leave out) is a change
 * of the address of the data; undoing takes it back, and the address of the page has it all.
 */
class NetworkView extends HTMLElement {
  #state = new State("");
  #data: NetworkData | null = null;
  #cy: Core | null = null;
  #chosen = "";
  readonly #area = make("div", {
    class: "arranged",
    tabindex: "0",
    role: "application",
    "aria-label": "Network. Arrow keys go to the next thing, Enter unfolds, p pins.",
  });
  readonly #said = make("p", { class: "meta", role: "status" });
  readonly #things = make("div");
  readonly #kinds = make("details", { class: "kinds" });
  readonly #undo = tool("Undo", () => this.#step("undo"));
  readonly #redo = tool("Redo", () => this.#step("redo"));

  connectedCallback(): void {
    if (!this.dataset["source"] || this.querySelector(".arranging")) return;
    this.#state = new State(new URL(this.dataset["source"], location.href).search);
    const begin = tool("Arrange it", () => void this.#begin(begin));
    this.prepend(make("p", { class: "arranging" }, begin), this.#said);
  }

  async #begin(button: HTMLButtonElement): Promise<void> {
    button.disabled = true;
    this.#said.textContent = "Loading…";
    try {
      const data = await this.#fetch();
      const drawing = this.querySelector<HTMLElement>("figure > .scroll");
      if (!drawing) return;
      drawing.before(this.#area);
      this.#cy = await draw(this.#area, data);
      drawing.hidden = true;
      // Its count is that of the drawing.
      this.querySelector("figcaption .meta")?.toggleAttribute("hidden", true);
      this.#data = data;
    } catch {
      this.#area.remove();
      button.disabled = false;
      this.#said.textContent = "It could not be loaded. The drawing and the table are complete.";
      return;
    }
    button.replaceWith(
      ...[this.#undo, this.#redo, tool("Fit", () => this.#cy?.fit(undefined, 20))],
      ...[this.#kinds, tool("Save as PNG", () => void this.#save())],
    );
    // That one saves the drawing of the server.
    document.querySelector("save-png")?.toggleAttribute("hidden", true);
    this.#area.after(this.#things);
    this.#listen(this.#cy);
    this.#chosen = this.#data.graph.focus;
    this.#cy.fit(undefined, 20);
    this.#shown();
    this.#said.textContent = `${this.#data.nodes.length} things. Drag one to pin it.`;
    this.#area.focus();
  }

  #listen(cy: Core): void {
    cy.on("tap", "node", ({ target }) => this.#choose((target as NodeSingular).id()));
    cy.on("dbltap", "node", ({ target }) => this.#unfold((target as NodeSingular).id()));
    cy.on("dragfree", "node", ({ target }) => {
      const node = target as NodeSingular;
      this.#state.pin(node.id(), node.position());
      void this.#update();
    });
    this.#area.addEventListener("keydown", (event) => this.#key(event));
    const dressed = (): void => void cy.style(style(this.#area));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dressed);
    const theme = { attributes: true, attributeFilter: ["data-theme"] };
    new MutationObserver(dressed).observe(document.documentElement, theme);
  }

  #key(event: KeyboardEvent): void {
    const cy = this.#cy;
    if (!cy || event.altKey) return;
    const here = cy.getElementById(this.#chosen);
    if (event.ctrlKey || event.metaKey) {
      const key = event.key.toLowerCase();
      if (key === "z" || key === "y") {
        event.preventDefault();
        this.#step(key === "y" || event.shiftKey ? "redo" : "undo");
      }
      return;
    }
    if (event.key.startsWith("Arrow")) {
      const next = here.empty() ? cy.nodes().first() : nextTo(cy, here, event.key);
      if (next) this.#choose(next.id());
    } else if (event.key === "Enter") this.#unfold(this.#chosen);
    else if (event.key === "p") this.#pin(this.#chosen);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #choose(id: string): void {
    const thing = this.#data?.nodes.find((one) => one.id === id);
    if (!thing || !this.#data || !this.#cy) return;
    this.#chosen = id;
    this.#shown();
    const node = this.#cy.getElementById(id);
    const view = this.#cy.extent();
    const { x, y } = node.position();
    if (x < view.x1 || x > view.x2 || y < view.y1 || y > view.y2) this.#cy.center(node);
    this.#said.textContent = described(this.#data, thing);
  }

  #unfold(id: string): void {
    const thing = this.#data?.nodes.find((one) => one.id === id);
    if (!thing || !(thing.unfolds || this.#unfolded.includes(id))) {
      this.#said.textContent = "There is nothing more to unfold here.";
      return;
    }
    this.#state.unfold(id);
    void this.#update();
  }

  #pin(id: string): void {
    const thing = this.#data?.nodes.find((one) => one.id === id);
    if (!thing) return;
    this.#state.pin(id, thing.pinned ? null : { x: thing.x, y: thing.y });
    void this.#update();
  }

  #step(which: "undo" | "redo"): void {
    this.#state[which]();
    void this.#update();
  }

  get #unfolded(): string[] {
    const open = new URLSearchParams(this.#state.query).getAll("open");
    return (this.#data?.nodes ?? []).map((one) => one.id).filter((id) => open.includes(short(id)));
  }

  async #fetch(): Promise<NetworkData> {
    const address = new URL(this.dataset["source"] ?? "", location.href);
    address.search = this.#state.query;
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    return (await response.json()) as NetworkData;
  }

  /** Show the state as it is now; an answer that a later step has overtaken is left aside. */
  async #update(): Promise<void> {
    const asked = this.#state.query;
    const before = this.#data?.nodes.length ?? 0;
    try {
      const data = await this.#fetch();
      if (asked !== this.#state.query || !this.#cy) return;
      this.#data = data;
      redraw(this.#cy, data);
    } catch {
      this.#said.textContent = "This step could not be loaded; undo it, or try it again.";
      return;
    } finally {
      this.#shown();
    }
    const more = (this.#data?.nodes.length ?? 0) - before;
    const change = more ? `, ${Math.abs(more)} ${more > 0 ? "more" : "fewer"} than before` : "";
    this.#said.textContent = `${this.#data?.nodes.length ?? 0} things${change}.`;
    this.#tellAddress();
  }

  #shown(): void {
    const data = this.#data;
    if (!data || !this.#cy) return;
    this.#undo.disabled = !this.#state.canUndo;
    this.#redo.disabled = !this.#state.canRedo;
    this.#cy.elements().unselect().data("near", false);
    const node = this.#cy.getElementById(this.#chosen);
    node.select().connectedEdges().data("near", true);
    const focused = document.activeElement?.getAttribute("aria-label");
    const thing = document.activeElement?.getAttribute("data-thing");
    const things = list(data, this.#chosen, this.#unfolded, {
      choose: (one: Thing) => this.#choose(one.id),
      unfold: (one: Thing) => this.#unfold(one.id),
      pin: (one: Thing) => this.#pin(one.id),
    });
    const inside = this.#things.contains(document.activeElement);
    this.#things.replaceChildren(things);
    if (inside) {
      // The list is new; whoever was in it stays where they were.
      const buttons = [...things.querySelectorAll("button")];
      const same = buttons.find((one) =>
        thing ? one.dataset["thing"] === thing : one.getAttribute("aria-label") === focused,
      );
      (same ?? this.#area).focus();
    }
    this.#showKinds(data);
  }

  #showKinds(data: NetworkData): void {
    const without = new URLSearchParams(this.#state.query).getAll("without");
    const rows = data.graph.kinds.map(({ key, words, count }) => {
      const box = make("input", { type: "checkbox" });
      box.checked = !without.includes(key);
      box.addEventListener("change", () => {
        this.#state.leaveOut(key);
        void this.#update();
      });
      return make("label", {}, box, ` ${words} (${count})`);
    });
    const open = this.#kinds.open;
    const legend = make("legend", {}, "Draw ties of these kinds");
    const summary = make("summary", {}, "Kinds of ties");
    this.#kinds.replaceChildren(summary, make("fieldset", {}, legend, ...rows));
    this.#kinds.open = open;
    this.#kinds.hidden = rows.length === 0;
  }

  /** The page shows what its address says, as far as this network is the page. */
  #tellAddress(): void {
    const source = new URL(this.dataset["source"] ?? "", location.href);
    if (source.pathname !== `${location.pathname}.json`) return;
    history.replaceState(null, "", `?${this.#state.query}`);
    for (const link of document.querySelectorAll<HTMLAnchorElement>(".tools a")) {
      if (link.pathname.startsWith(`${location.pathname}.`)) link.search = this.#state.query;
    }
  }

  /** The network as it was arranged, whole, with what it rests on below. */
  async #save(): Promise<void> {
    const core = this.#cy;
    if (!core) return;
    const image = new Image();
    image.src = core.png({ full: true, scale: 2 });
    await image.decode();
    const blob = await onGround(image, image.width / 2, image.height / 2, footnote(this));
    saveAs(blob, "network.png");
  }
}

function tool(words: string, does: () => void): HTMLButtonElement {
  const button = make("button", { type: "button", class: "quiet" }, words);
  button.addEventListener("click", does);
  return button;
}

define("network-view", NetworkView);
