import { parseAddress } from "../../x509/general-name.ts";
import { nameSelection } from "../comparison/server-names.ts";
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

/** How it shows that the default virtual host answered; null where nothing tells. */
function defaultHostEvidence({ leaf, host, situation }: NameFacts): string | null {
  if (FACTORY_SUBJECTS.includes(commonName(leaf)?.toLowerCase() ?? ""))
    return "this is the certificate that such servers come with";
  const { handshake, investigation = null } = situation;
  if (handshake.serverName === null) return null;
  const selection = nameSelection(handshake, investigation);
  switch (selection?.kind) {
    case "default-host":
      return "a name that nobody has gets the same one, and without a name it sends another";
    case "same-for-any-name":
      return isForOtherDomain(host, dnsNames(leaf))
        ? "a name that nobody has gets the same one, and it is for another domain"
        : null;
    case "chosen-for-name":
    case undefined:
      return null;
  }
}

/**
 * Whether the names are of another domain than the host. A name in the same one is of a server of the right owner, whose
 * certificate lacks a name; a name without a domain tells nothing.
 */
function isForOtherDomain(host: string, names: readonly string[]): boolean {
  const domainOf = (name: string): string => name.toLowerCase().split(".").slice(-2).join(".");
  const full = names.filter((name) => name.includes(".") || name === "localhost");
  return full.length > 0 && full.every((name) => domainOf(name) !== domainOf(host));
}
