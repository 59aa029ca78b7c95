/** A case in which a judge does not equal the recorded client, and why that is right. */
interface Exception {
  /** Golden file, with ` words` behind it for its texts, or the name of another comparison. */
  readonly comparison: string;
  readonly id: string;
  readonly reason: string;
}

const P192 =
  "The recorded OpenSSL accepts a P-192 root, which `openssl verify -auth_level 2` refuses";
const P224 =
  "A server cannot present a P-224 certificate to these clients: the handshake fails before any verdict";

/** Every exception. One that no longer applies fails the comparison that it is listed for. */
export const EXCEPTIONS: readonly Exception[] = [
  { comparison: "limbo-openssl-3", id: "webpki::forbidden-p192-root", reason: P192 },
  { comparison: "limbo-openssl-3-partial", id: "webpki::forbidden-p192-root", reason: P192 },
  { comparison: "scenarios-nodejs-20", id: "scen::48-p224-leaf", reason: P224 },
  { comparison: "scenarios-nodejs-24", id: "scen::48-p224-leaf", reason: P224 },
  {
    comparison: "limbo-go-1.19 words",
    id: "webpki::nc::intermediate-permitted-excluded-subtrees-both-null",
    reason:
      "The recording left out intermediates that do not parse; a Go client ends the handshake over one",
  },
  {
    comparison: "strict",
    id: "rfc5280::ca-as-leaf",
    reason: "Contradicts another case of the suite, which wants a CA as leaf refused",
  },
  ...[
    "webpki::cn::punycode-not-in-san",
    "webpki::cn::utf8-vs-punycode-mismatch",
    "webpki::cn::case-mismatch",
  ].map((id) => ({
    comparison: "strict",
    id,
    reason:
      "The suite wants a CN that disagrees with the names refused; RFC 9525 says to ignore a CN",
  })),
  ...[
    "webpki::san::public-suffix-multi-label-wildcard-san",
    "webpki::san::public-suffix-private-namespace-wildcard-san",
  ].map((id) => ({
    comparison: "strict",
    id,
    reason: "Needs the list of public suffixes, which says nothing about names inside a company",
  })),
];

/** Cases that may, and must, disagree in a comparison, in the order of the list. */
export function exceptionsTo(comparison: string): readonly string[] {
  return EXCEPTIONS.filter((each) => each.comparison === comparison).map(({ id }) => id);
}
