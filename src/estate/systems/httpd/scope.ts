import { type Sourced, written } from "../origin.ts";
import type { PlacedHttpdDirective } from "./load.ts";

/** Sections whose directives count for the server as a whole, so far as TLS is concerned. */
const TRANSPARENT: ReadonlySet<string> = new Set([
  "location",
  "locationmatch",
  "if",
  "proxy",
  "proxymatch",
]);

/** Directives as they count for one virtual host: what it does not set it has from the main server. */
export class HttpdScope {
  readonly #own = new Map<string, PlacedHttpdDirective[]>();
  readonly #around: HttpdScope | null;

  constructor(directives: readonly PlacedHttpdDirective[], around: HttpdScope | null) {
    this.#around = around;
    this.#add(directives);
  }

  #add(directives: readonly PlacedHttpdDirective[]): void {
    for (const directive of directives) {
      const known = this.#own.get(directive.name);
      if (known === undefined) this.#own.set(directive.name, [directive]);
      else known.push(directive);
      if (directive.section !== null && TRANSPARENT.has(directive.name))
        this.#add(directive.section);
    }
  }

  /** The directives of a name (in lower case) of this virtual host alone, in order. */
  own(name: string): readonly PlacedHttpdDirective[] {
    return this.#own.get(name) ?? [];
  }

  /** The directives of a name of this virtual host, else those of the main server, in order. */
  all(name: string): readonly PlacedHttpdDirective[] {
    const own = this.own(name);
    return own.length > 0 || this.#around === null ? own : this.#around.all(name);
  }

  /** The directive that counts: the last of this virtual host, else of the main server. */
  last(name: string): PlacedHttpdDirective | null {
    return this.own(name).at(-1) ?? this.#around?.last(name) ?? null;
  }

  /** The first word of the directive that counts; null when it is not set. */
  text(name: string): Sourced<string> | null {
    const word = this.last(name)?.words[0];
    return word === undefined ? null : written(word.text, word.place, word.variables);
  }

  /** Whether a switch is `on`; `otherwise` when it is not set. */
  isOn(name: string, otherwise = false): boolean {
    const text = this.text(name)?.value.toLowerCase();
    return text === undefined ? otherwise : text === "on";
  }
}
