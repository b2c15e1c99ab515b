import { short } from "./model";

/** What a reader did to a network, as it stands in addresses; undone and done again step by step. */
export class State {
  #past: string[] = [];
  #next: string[] = [];
  #now: string;

  constructor(search: string) {
    this.#now = new URLSearchParams(search).toString();
  }

  get query(): string {
    return this.#now;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#next.length > 0;
  }

  /** Unfold a thing, or fold it again. */
  unfold(iri: string): void {
    this.#change((query) => toggle(query, "open", short(iri)));
  }

  /** Leave a kind of ties out, or have it again. */
  leaveOut(key: string): void {
    this.#change((query) => toggle(query, "without", key));
  }

  /** Keep a thing at a place; without one, let it go. */
  pin(iri: string, place: { x: number; y: number } | null): void {
    const name = short(iri);
    this.#change((query) => {
      const others = query.getAll("pin").filter((one) => !one.startsWith(`${name}@`));
      query.delete("pin");
      for (const one of others) query.append("pin", one);
      if (place) query.append("pin", `${name}@${Math.round(place.x)},${Math.round(place.y)}`);
    });
  }

  undo(): void {
    const former = this.#past.pop();
    if (former === undefined) return;
    this.#next.push(this.#now);
    this.#now = former;
  }

  redo(): void {
    const following = this.#next.pop();
    if (following === undefined) return;
    this.#past.push(this.#now);
    this.#now = following;
  }

  #change(change: (query: URLSearchParams) => void): void {
    const query = new URLSearchParams(this.#now);
    change(query);
    if (query.toString() === this.#now) return;
    this.#past.push(this.#now);
    this.#next = [];
    this.#now = query.toString();
  }
}

function toggle(query: URLSearchParams, name: string, value: string): void {
  const values = query.getAll(name);
  query.delete(name);
  const kept = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  for (const one of kept) query.append(name, one);
}
