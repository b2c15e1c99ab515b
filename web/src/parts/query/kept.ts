/** A query that was run here: when, and how many rows it had (empty where it had none to count). */
export interface Kept {
  query: string;
  when: string;
  rows: string;
}

const KEY = "therascape-queries";
const MOST = 50;
const LONGEST = 20_000; // characters of a query; storage has an end
const CHANGED = "queries-kept";

/** The queries that were run in this browser, the last one first. None of it is ever sent. */
export function kept(): Kept[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isKept) : [];
  } catch {
    return []; // storage may be forbidden, or hold anything
  }
}

/** Keep a query; the same one is kept once. */
export function keep(query: string, rows: string): void {
  if (!query.trim() || query.length > LONGEST) return;
  const others = kept().filter((one) => one.query.trim() !== query.trim());
  write([{ query, when: new Date().toISOString(), rows }, ...others].slice(0, MOST));
}

/** Forget all of them. */
export function forget(): void {
  write([]);
}

/** Call back whenever they change, here or in another tab. */
export function onKept(call: () => void): void {
  addEventListener(CHANGED, call);
  addEventListener("storage", (event) => {
    if (event.key === KEY) call();
  });
}

function write(queries: Kept[]): void {
  try {
    if (queries.length) localStorage.setItem(KEY, JSON.stringify(queries));
    else localStorage.removeItem(KEY);
  } catch {
    // Nothing is kept then.
  }
  dispatchEvent(new Event(CHANGED));
}

function isKept(one: unknown): one is Kept {
  const found = one as Partial<Kept> | null;
  return [found?.query, found?.when, found?.rows].every((value) => typeof value === "string");
}
