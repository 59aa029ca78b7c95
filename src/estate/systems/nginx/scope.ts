import { type Sourced, written } from "../origin.ts";
import type { PlacedDirective } from "./load.ts";

/** Directives as they count in one block: what it does not set it has from the block around it. */
export class NginxScope {
  readonly #own = new Map<string, readonly PlacedDirective[]>();
  readonly #around: NginxScope | null;

  constructor(directives: readonly PlacedDirective[], around: NginxScope | null) {
    this.#around = around;
    for (const directive of directives)
      this.#own.set(directive.name, [...(this.#own.get(directive.name) ?? []), directive]);
  }

  /** The directives of a name in this block alone, in order. */
  own(name: string): readonly PlacedDirective[] {
    return this.#own.get(name) ?? [];
  }

  /** The directives of a name in the nearest block that has any. */
  all(name: string): readonly PlacedDirective[] {
    const own = this.own(name);
    return own.length > 0 || this.#around === null ? own : this.#around.all(name);
  }

  /** The first word of a directive as it counts here; null when it is not set. */
  text(name: string): Sourced<string> | null {
    const word = this.all(name)[0]?.words[0];
    return word === undefined ? null : written(word.text, word.place);
  }

  /** Whether a directive is `on`. */
  isOn(name: string): boolean {
    return this.text(name)?.value === "on";
  }
}
