/** What a release can be asked of, as the service tells it. */
export interface Known {
  name: string;
  kind: "class" | "property";
  number: number;
  label: string;
  comment: string;
}

export interface Schema {
  classes: Known[];
  properties: Known[];
  prefixes: Record<string, string>;
}

export interface Thing {
  iri: string;
  label: string;
  type_label: string | null;
  matched: string | null;
}

const EMPTY: Schema = { classes: [], properties: [], prefixes: {} };
const MOST = 8;

/** Asks the service, and keeps what it said while the page is there: it is of one release. */
export class Asking {
  readonly #schema: string;
  readonly #search: string;
  #read: Promise<Schema> | null = null;
  readonly #found = new Map<string, Promise<Thing[]>>();

  constructor(schema: string, search: string) {
    this.#schema = schema;
    this.#search = search;
  }

  /** The schema; an empty one where the service does not answer. */
  schema(): Promise<Schema> {
    this.#read ??= json<Schema>(this.#schema).catch(() => {
      this.#read = null;
      return EMPTY;
    });
    return this.#read;
  }

  /** Things by name. */
  things(text: string): Promise<Thing[]> {
    const address = new URL(this.#search, location.href);
    address.searchParams.set("q", text);
    address.searchParams.set("limit", String(MOST));
    const found =
      this.#found.get(text) ??
      json<{ rows: Thing[] }>(address.href).then(
        ({ rows }) => rows,
        () => {
          this.#found.delete(text);
          return [];
        },
      );
    this.#found.set(text, found);
    return found;
  }
}

async function json<Answer>(address: string): Promise<Answer> {
  const answer = await fetch(address, {
    headers: { Accept: "application/json" },
  });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()) as Answer;
}
