import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import {
  choices,
  misfitRemedy,
  misfitSeverity,
  type Misfitting,
  nothingInCommon,
} from "./misfit.ts";

/** What gives a server a group that every client has. */
export const GROUP_STEP = "Enable the groups x25519 and secp256r1 on the server";

/** Everything but the group of the key exchange is in common (E6). */
export function noCommonGroupFinding(facts: Misfitting, hello: string | null): Finding {
  return makeFinding("handshake.no-common-group", {
    severity: misfitSeverity(facts),
    summary: `${nothingInCommon(facts)}: ${choices(facts)}`,
    remedy: misfitRemedy(facts, hello, [GROUP_STEP]),
    clientMessage: facts.clientMessage,
  });
}
