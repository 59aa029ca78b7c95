import { anchorsFor } from "../../truststore/anchors.ts";
import { WORDS } from "../../truststore/java-words.ts";
import type { Truststore } from "../../truststore/truststore.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import type { StoreFacts } from "../situation.ts";
import { IGNORED_WORDS } from "../visibility-words.ts";
import { counted, shellWord } from "../words.ts";

/** A store whose certificates this client does not see as anchors (A9); null where it sees some, or there is none. */
export function noJavaAnchorsFinding(
  store: Truststore,
  facts: StoreFacts,
  profile: Profile,
): Finding | null {
  const { anchors, ignored } = anchorsFor(store, profile.storeFamily);
  const [first] = ignored;
  if (anchors.length > 0 || first === undefined) return null;
  const path = shellWord(facts.path ?? facts.name);
  return makeFinding("truststore.no-java-anchors", {
    severity: "critical",
    summary: `${facts.name} holds ${counted(ignored.length, "certificate")}, but ${profile.title} sees no trust anchor in it: ${IGNORED_WORDS[first.reason]}`,
    remedy: [
      `anchorwatch store list ${path}`,
      "Write the certificates into a new store with keytool, which marks them as trusted",
      "keytool -importcert -alias ca -file ca.cer -keystore new-trust.p12 -storetype PKCS12",
      "Point the client to the new store and restart it",
    ],
    truststore: facts.name,
    clientMessage: profile.storeFamily === "java" ? WORDS.noAnchors : null,
  });
}
