import type { ProfileName } from "../../../trust/profile-names.ts";
import type { ImportBuilder } from "../import-builder.ts";
import type { Sourced } from "../origin.ts";
import type { FilledText } from "../placeholders.ts";

/** What the parts of an import share. */
export interface WildflyContext {
  readonly builder: ImportBuilder;
  readonly host: string | null;
  readonly profile: Sourced<ProfileName>;
  /** Folders by the names that `relative-to` uses. */
  readonly folders: ReadonlyMap<string, string>;
  /** The folder of the configuration. */
  readonly folder: string;
  readonly fill: (value: Sourced<string>) => FilledText;
}
