import type { OfferPart } from "../../probe/hellos/outside-offer.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import {
  choices,
  misfitRemedy,
  misfitSeverity,
  type Misfitting,
  nothingInCommon,
} from "./misfit.ts";
import { GROUP_STEP } from "./no-common-group.ts";
import { SIGNATURE_STEPS } from "./no-common-signature.ts";
import { ENABLE_VERSIONS } from "./version.ts";

const SUITE_STEP = "Enable an ECDHE cipher suite with AES-GCM on the server";

const STEPS: Readonly<Record<OfferPart, string>> = {
  version: ENABLE_VERSIONS,
  "cipher-suite": SUITE_STEP,
  group: GROUP_STEP,
  "signature-scheme": SIGNATURE_STEPS[0],
};

/** No common cipher suite, or several things at once (E3), with the reason why the intersection is empty. */
export function noCommonParametersFinding(facts: Misfitting, hello: string | null): Finding {
  const { handshake, outside } = facts;
  const chosen = [handshake.cipherSuite, handshake.group].filter((name) => name !== null);
  const reason =
    outside.length === 0
      ? `what it negotiates otherwise (${chosen.join(", ")}) is within the offer`
      : choices(facts);
  const parts = outside.length === 0 ? (["cipher-suite", "group"] as const) : outside;
  return makeFinding("handshake.no-common-parameters", {
    severity: misfitSeverity(facts),
    summary: `${nothingInCommon(facts)}: ${reason}`,
    remedy: misfitRemedy(
      facts,
      hello,
      parts.map((part) => STEPS[part]),
    ),
    clientMessage: facts.clientMessage,
  });
}
