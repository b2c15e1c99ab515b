/** One query on its way: with an id of its own, by which it can be ended. */
export class Running {
  readonly id = randomId();
  readonly #queries: string;
  readonly #leaving = new AbortController();

  constructor(queries: string) {
    this.#queries = queries;
  }

  /** Send it, and return the page that comes. Raises AbortError when it was left. */
  async page(address: URL, longest: number): Promise<Document> {
    const headers: Record<string, string> = {
      Accept: "text/html",
      "Query-Id": this.id,
    };
    const { signal } = this.#leaving;
    const long = address.href.length > longest;
    const answer = await (long
      ? fetch(address.pathname, {
          method: "POST",
          body: address.searchParams,
          headers,
          signal,
        })
      : fetch(address, { headers, signal }));
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  /** Have the service end it; it then answers that it did. */
  async end(): Promise<void> {
    try {
      const address = this.#queries + encodeURIComponent(this.id);
      const answer = await fetch(address, { method: "DELETE" });
      if (answer.ok) return;
    } catch {
      // The service cannot be reached: closing the connection is all there is.
    }
    this.leave();
  }

  /** Wait no longer. The service ends what nobody waits for. */
  leave(): void {
    this.#leaving.abort();
  }
}

/** `crypto.randomUUID` is there in secure contexts only, and a service in a local network is none. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
