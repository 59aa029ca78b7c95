import { anchorsFor } from "../../truststore/anchors.ts";
import type { Truststore } from "../../truststore/truststore.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { rewriteForJavaSteps, trustSteps } from "../remedies/store-steps.ts";
import { likelySystem } from "../remedies/surroundings.ts";
import type { StoreFacts } from "../situation.ts";
import { IGNORED_WORDS } from "../visibility-words.ts";
import { counted } from "../words.ts";
import { nothingTrustedWords } from "./nothing-trusted-words.ts";

/** A store whose certificates this client does not see as anchors (A9); null where it sees some, or there is none. */
export function noJavaAnchorsFinding(
  store: Truststore,
  facts: StoreFacts,
  profile: Profile,
): Finding | null {
  const { anchors, ignored } = anchorsFor(store, profile.storeFamily);
  const [first] = ignored;
  if (anchors.length > 0 || first === undefined) return null;
  return makeFinding("truststore.no-java-anchors", {
    severity: "critical",
    summary: `${facts.name} holds ${counted(ignored.length, "certificate")}, but ${profile.title} sees no trust anchor in it: ${IGNORED_WORDS[first.reason]}`,
    remedy:
      profile.storeFamily === "gskit"
        ? trustSteps(facts)
        : rewriteForJavaSteps(facts, likelySystem(profile.name, facts.format ?? null)),
    truststore: facts.name,
    clientMessage: nothingTrustedWords(profile),
  });
}
