import type { Handshake } from "../../probe/handshake.ts";
import type { OfferNames, OfferPart } from "../../probe/hellos/outside-offer.ts";
import type { Profile } from "../../trust/profile.ts";
import { answerText, listed, misfitText } from "./offer-words.ts";
import { hostPort } from "../words.ts";

/** What is known where a server and one client do not fit. */
export interface Misfitting {
  /** What the server agrees to with a hello that offers everything. */
  readonly handshake: Handshake;
  readonly profile: Profile;
  readonly offer: OfferNames;
  /** What of the server's choices the client does not offer. */
  readonly outside: readonly OfferPart[];
  /** The conversation that began with the client's own hello and failed; null when none was made. */
  readonly own: Handshake | null;
  /** What the client prints; null where that is not known. */
  readonly clientMessage: string | null;
}

/** The server's choices, each with what the client has instead, joined into one clause. */
export function choices({ handshake, profile, offer, outside }: Misfitting): string {
  return outside
    .map((part) => misfitText(part, handshake, { offer, client: profile.title }))
    .join("; ");
}

/** `HOST:PORT has nothing in common with CLIENT, whose hello ends ...`, or that this was not asked. */
export function nothingInCommon({ handshake, profile, own }: Misfitting): string {
  const where = hostPort(handshake.endpoint);
  return own === null
    ? `Whether ${where} has anything in common with ${profile.title} was not asked`
    : `${where} has nothing in common with ${profile.title}, whose hello ends ${answerText(own)}`;
}

/** How the two sides' versions part: `HOST:PORT negotiates TLSv1; CLIENT offers ...`, and how its hello ended. */
export function versionGap({ handshake, profile, offer, own }: Misfitting): string {
  const gap = `${hostPort(handshake.endpoint)} negotiates ${handshake.version}; ${profile.title} offers ${listed(offer.versions)}`;
  return own === null
    ? `${gap}, with which nobody asked`
    : `${gap}, and its hello ends ${answerText(own)}`;
}

/** Critical where the client's own hello was refused; info where nobody asked. */
export function misfitSeverity({ own }: Misfitting): "critical" | "info" {
  return own === null ? "info" : "critical";
}

/** The repair; where nobody asked, how to ask. */
export function misfitRemedy(
  { own }: Misfitting,
  hello: string | null,
  steps: readonly string[],
): readonly string[] {
  return own === null && hello !== null
    ? [`Ask with the hello of that client: --hello ${hello}`]
    : steps;
}
