import { experimentOf, type Variation } from "../../probe/investigation/investigation.ts";
import { parseAddress } from "../../x509/general-name.ts";
import type { Finding } from "../finding.ts";
import type { Situation } from "../situation.ts";
import { nameToCheck, printable } from "../words.ts";
import { addressAsDnsNameFinding } from "./address-as-dns-name.ts";
import { addressNotCoveredFinding } from "./address-not-covered.ts";
import { commonName, dnsNames, lacksAltNames } from "./certificate-names.ts";
import { commonNameOnlyFinding, ignoredCommonNameFinding } from "./common-name-only.ts";
import { defaultHostFinding } from "./default-host.ts";
import { mismatchFinding } from "./mismatch.ts";
import type { NameFacts } from "./name-facts.ts";
import { nearestName } from "./nearest-name.ts";
import { uncheckedMismatchFinding } from "./unchecked-mismatch.ts";
import { wildcardFinding } from "./wildcard.ts";
import { wildcardMiss } from "./wildcard-rule.ts";

/** Findings about the name of the server, independent of trust. */
export function nameFindings(situation: Situation): readonly Finding[] {
  const [leaf] = situation.sent;
  if (leaf === undefined) return [];
  if (situation.verdict.nameMatch !== false)
    return lacksAltNames(leaf) ? [commonNameOnlyFinding(leaf)] : [];
  const facts = { leaf, host: printable(nameToCheck(situation.handshake)), situation };
  const finding = refusedName(facts);
  return [situation.checksName ? finding : uncheckedMismatchFinding(facts, finding)];
}

/** Which of the ways not to carry a name it is. */
function refusedName(facts: NameFacts): Finding {
  const { leaf, host, situation } = facts;
  const names = dnsNames(leaf);
  const bare = host.replace(/\.$/, "").toLowerCase();
  if (parseAddress(bare) !== null)
    return names.includes(bare) ? addressAsDnsNameFinding(facts) : addressNotCoveredFinding(facts);
  if (lacksAltNames(leaf) && commonName(leaf)?.toLowerCase() === bare)
    return ignoredCommonNameFinding(facts);
  const wildcard = wildcardMiss(bare, names, situation.profile.title);
  if (wildcard !== null) return wildcardFinding(facts, wildcard);
  const how = nearestName(bare, names) === null ? defaultHostEvidence(facts) : null;
  return how === null ? mismatchFinding(facts) : defaultHostFinding(facts, how);
}

/** Subjects that servers present when nobody gave them a certificate for the name asked for. */
const FACTORY_SUBJECTS = [
  "kubernetes ingress controller fake certificate",
  "traefik default cert",
  "localhost",
  "localhost.localdomain",
];

const OTHER_NAMES: readonly (readonly [Variation, string])[] = [
  ["other-server-name", "a name that nobody has gets the same one"],
  ["no-server-name", "without a server name it sends the same one"],
];

/** How it shows that the default virtual host answered; null where nothing tells. */
function defaultHostEvidence({ leaf, situation }: NameFacts): string | null {
  if (FACTORY_SUBJECTS.includes(commonName(leaf)?.toLowerCase() ?? ""))
    return "this is the certificate that such servers come with";
  if (situation.handshake.serverName === null) return null;
  for (const [variation, words] of OTHER_NAMES) {
    const other = experimentOf(situation.investigation ?? null, variation)?.certificates[0];
    if (other !== undefined && Buffer.compare(other, leaf.der) === 0) return words;
  }
  return null;
}
