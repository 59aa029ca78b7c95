import type { Handshake } from "../../probe/handshake.ts";
import type { OfferNames, OfferPart } from "../../probe/hellos/outside-offer.ts";

/** Most names of an offer that a sentence lists. */
const SHOWN_NAMES = 5;

/** Why one thing that a server chose is none for a client: `it negotiates the group x448, Go offers x25519 and secp256r1`. */
export function misfitText(
  part: OfferPart,
  handshake: Handshake,
  { offer, client }: { readonly offer: OfferNames; readonly client: string },
): string {
  switch (part) {
    case "version":
      return `it negotiates ${handshake.version}, ${client} offers ${listed(offer.versions)}`;
    case "cipher-suite":
      return `it negotiates ${handshake.cipherSuite}, ${client} ${suiteText(handshake.cipherSuite ?? "", offer)}`;
    case "group":
      return `it negotiates the group ${handshake.group}, ${client} offers ${listed(offer.groups)}`;
    case "signature-scheme":
      return `it signs with ${handshake.signatureScheme}, ${client} offers ${listed(alikeSchemes(handshake, offer))}`;
  }
}

/** Of the schemes that are offered, those for the same type of key; all where there are none. */
function alikeSchemes(
  { signatureScheme }: Handshake,
  { signatureSchemes }: OfferNames,
): readonly string[] {
  const type = signatureScheme?.split("_")[0] ?? "";
  const alike = signatureSchemes.filter((name) => name.startsWith(`${type}_`));
  return alike.length === 0 ? signatureSchemes : alike;
}

/** Says what kind of suite is missing where all of a kind are. */
function suiteText(suite: string, { cipherSuites }: OfferNames): string {
  const kind = /^TLS_(.+)_WITH_/.exec(suite)?.[1];
  if (kind === undefined || cipherSuites.some((name) => name.startsWith(`TLS_${kind}_WITH_`)))
    return "does not offer it";
  return kind === "RSA"
    ? "offers no suite with static RSA key exchange"
    : `offers no suite with ${kind.replace("_", " and ")}`;
}

/** How a server ended a conversation, completing 'whose hello ends ...'. */
export function answerText({ alert, failure }: Handshake): string {
  if (alert?.direction === "received") return `with the alert ${alert.description}`;
  switch (failure?.code) {
    case "connection-closed":
    case "connection-reset":
      return "with a cut connection";
    case undefined:
    default:
      return `with ${failure?.code ?? "no answer"}`;
  }
}

/** `a, b and 3 more`. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(", ")} and ${rest} more`;
  const last = shown.at(-1) ?? "nothing";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}
