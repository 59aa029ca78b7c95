import type { StoreError } from "../../truststore/truststore.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { unreadableParts } from "./unreadable.ts";

/** The file is in order and the password given does not open it (A5). */
export function wrongPasswordFinding(name: string, error: StoreError, profile: Profile): Finding {
  return makeFinding("truststore.wrong-password", unreadableParts(name, error, profile));
}
