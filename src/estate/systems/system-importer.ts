import type { Result } from "../../x509/result.ts";
import type { SystemImport } from "./model.ts";
import type { Place } from "./origin.ts";
import type { SourceReader } from "./source-reader.ts";

/** What an importer works with. */
export interface ImportContext {
  /** Absolute paths as given by the user: files or folders of one installation. At least one. */
  readonly paths: readonly string[];
  /** Reads files; the given paths are already allowed. An importer allows further folders that the system defines. */
  readonly reader: SourceReader;
  /** The environment that the system is taken to have. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The system's version where the user names it, e.g. `24.0.0.9`; null when it is to be found. */
  readonly version: string | null;
  /** The name by which other machines reach the system's listeners; null when nobody says. */
  readonly host: string | null;
}

/** Why nothing at all could be made of a configuration. */
export interface ImportFailure {
  /** One sentence without a trailing full stop, naming the file and what was expected. */
  readonly message: string;
  readonly place: Place | null;
}

/** Derives estate entries from one kind of system's own configuration. */
export interface SystemImporter {
  /** As it is written after `import` and in `imports:`, e.g. `liberty`. */
  readonly system: string;
  /** For people, e.g. `WebSphere Liberty and Open Liberty`. */
  readonly title: string;
  /** What PATH is, for help, e.g. `folder of a server, or its server.xml`. */
  readonly expects: string;
  /**
   * Whether a path looks like this system's: by names in a folder and by content, read through the reader.
   * 0: no; up to 10: certainly. A more special system (Process Federation Server) scores above the general one.
   */
  readonly detect: (path: string, reader: SourceReader) => Promise<number>;
  /** Fails only when nothing can be derived; whatever is wrong with a part becomes a note or an issue. */
  readonly read: (context: ImportContext) => Promise<Result<SystemImport, ImportFailure>>;
}
