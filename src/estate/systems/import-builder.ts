import type {
  ImportedClient,
  ImportedEndpoint,
  ImportedLink,
  ImportedTruststore,
  ImportIssue,
  SystemImport,
} from "./model.ts";
import type { Origin, Place } from "./origin.ts";
import type { SourceError } from "./source-reader.ts";
import type { ImportFailure } from "./system-importer.ts";

/** Most entries of one kind that an import makes; what is more is said in a note. */
const MAX_ENTRIES = 10_000;

/** Collects what an importer derives; equal names are kept apart, equal links are kept once. */
export class ImportBuilder {
  readonly #truststores = new Map<string, ImportedTruststore>();
  readonly #clients = new Map<string, ImportedClient>();
  readonly #endpoints = new Map<string, ImportedEndpoint>();
  readonly #links = new Map<string, ImportedLink>();
  readonly #notes = new Map<string, { message: string; place: Place | null }>();
  readonly #issues = new Map<string, ImportIssue>();

  /** Adds a truststore under the first free name like its own; gives that name. */
  truststore(store: ImportedTruststore): string {
    return addNamed(this.#truststores, store);
  }

  /** Adds a client under the first free name like its own; gives that name. */
  client(client: ImportedClient): string {
    return addNamed(this.#clients, client);
  }

  /** Adds an endpoint unless one of the same name, URL and direction is there; gives its name. */
  endpoint(endpoint: ImportedEndpoint): string {
    for (const [name, known] of this.#endpoints)
      if (
        known.url.value === endpoint.url.value &&
        known.direction === endpoint.direction &&
        known.serverName?.value === endpoint.serverName?.value
      )
        return name;
    return addNamed(this.#endpoints, endpoint);
  }

  /** Whether any endpoint was added. */
  get hasEndpoints(): boolean {
    return this.#endpoints.size > 0;
  }

  /** Adds a link between local names. */
  link(from: string, to: string, origin: Origin): void {
    const key = JSON.stringify([from, to]);
    if (!this.#links.has(key)) this.#links.set(key, { from, to, origin });
  }

  /** Says what could not be derived. */
  note(message: string, place: Place | null): void {
    const key = JSON.stringify([message, place]);
    this.#notes.set(key, { message, place });
  }

  /** Adds what a cross-check found; what was found before is kept once. */
  issue(issue: ImportIssue): void {
    this.#issues.set(JSON.stringify([issue.code, issue.summary, issue.place]), issue);
  }

  /** Says that a file could not be read and that the rest goes on without it. */
  unreadable(error: SourceError, place: Place | null): void {
    const outside = error.code === "outside";
    this.issue({
      code: outside ? "estate.include-refused" : "estate.file-unreadable",
      severity: "warning",
      summary: error.message,
      place,
      remedy: outside
        ? [`Allow the folder with --root if the file belongs to this system`]
        : [`Make ${error.file} readable for this user, or correct where it is named`],
    });
  }

  /**
   * Why nothing could be made of a configuration: the first file that could not be read, else `expected`.
   * @param expected one sentence without a trailing full stop, naming what was looked for
   */
  failure(expected: string): ImportFailure {
    for (const { code, summary, place } of this.#issues.values())
      if (code === "estate.file-unreadable" || code === "estate.include-refused")
        return { message: summary, place };
    return { message: expected, place: null };
  }

  /** Everything collected. */
  build(name: string): SystemImport {
    const kinds = { truststores: this.#truststores, clients: this.#clients };
    for (const [kind, entries] of Object.entries({ ...kinds, endpoints: this.#endpoints }))
      if (entries.size > MAX_ENTRIES) this.note(`Only ${MAX_ENTRIES} ${kind} are taken`, null);
    const first = <T>(entries: ReadonlyMap<string, T>): readonly T[] =>
      [...entries.values()].slice(0, MAX_ENTRIES);
    return {
      name,
      truststores: first(this.#truststores),
      clients: first(this.#clients),
      endpoints: first(this.#endpoints),
      links: first(this.#links),
      notes: first(this.#notes),
      issues: first(this.#issues),
    };
  }
}

function addNamed<T extends { readonly name: string }>(entries: Map<string, T>, entry: T): string {
  let { name } = entry;
  for (let count = 2; entries.has(name); count++) name = `${entry.name}-${count}`;
  entries.set(name, { ...entry, name });
  return name;
}
