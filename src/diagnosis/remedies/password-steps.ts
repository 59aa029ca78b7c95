import type { StoreError } from "../../truststore/truststore.ts";
import type { Profile } from "../../trust/profile.ts";
import type { ClientSystem } from "../../trust/system-names.ts";
import { shellWord } from "../words.ts";
import { likelySystem } from "./surroundings.ts";
import { SYSTEMS } from "./system-table.ts";

/** A truststore that could not be opened, and whose it is. */
export interface ClosedStore {
  /** Name in the estate, or the path. */
  readonly name: string;
  readonly error: StoreError;
  /** Where its password is, as `--truststore-password` takes it; null where none was given, or it is encoded. */
  readonly passwordSpec: string | null;
  readonly profile: Profile;
  /** The system that the client runs in; null when nobody said. */
  readonly system: ClientSystem | null;
}

/** How the client comes to the right password: the one that opens the file, and where the client has it. */
export function passwordSteps(closed: ClosedStore): readonly string[] {
  const { name, error, passwordSpec, profile } = closed;
  const path = error.path ?? name;
  const { title, client } = SYSTEMS[closed.system ?? likelySystem(profile.name, error.format)];
  const { storePassword, restart } = client;
  return [
    passwordSpec === null
      ? "Find the password that opens the file; the next command asks for it"
      : `What ${passwordSpec} holds does not open the file; find what does: the next command asks for it`,
    `anchorwatch store list ${shellWord(path)} --password prompt`,
    `Then set it where ${closed.system === null ? "the client" : title} has it:`,
    ...storePassword(path),
    ...restart,
  ];
}
