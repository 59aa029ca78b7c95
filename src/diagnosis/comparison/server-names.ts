import type { Handshake } from "../../probe/handshake.ts";
import { experimentOf, type Investigation } from "../../probe/investigation/investigation.ts";

/** How the certificate of a server depends on the name that is asked for. */
export type NameSelection =
  /** Whoever names no host, or one that nobody has, gets another certificate: this one was chosen for the name. */
  | { readonly kind: "chosen-for-name"; readonly default: Handshake }
  /** The certificate is what the server gives for names that it does not have, and another one without a name. */
  | { readonly kind: "default-host"; readonly nameless: Handshake }
  /** Every name gets this certificate: it is the server's only one, or its default host does not know the name. */
  | { readonly kind: "same-for-any-name" };

/** Compares the certificates that were sent with the name, without one and with an unknown one; null where they are not known. */
export function nameSelection(
  about: Handshake,
  investigation: Investigation | null,
): NameSelection | null {
  const nameless = experimentOf(investigation, "no-server-name");
  const other = experimentOf(investigation, "other-server-name");
  const isSame = (handshake: Handshake | null): boolean | null =>
    handshake === null || handshake.certificates.length === 0 ? null : sameLeaf(handshake, about);
  const likeNameless = isSame(nameless);
  const likeOther = isSame(other);
  if (likeOther === true && likeNameless === false && nameless !== null)
    return { kind: "default-host", nameless };
  if (likeOther === false && other !== null) return { kind: "chosen-for-name", default: other };
  if (likeNameless === false && nameless !== null)
    return { kind: "chosen-for-name", default: nameless };
  return likeOther === true || likeNameless === true ? { kind: "same-for-any-name" } : null;
}

/** Whether two servers presented the same certificate of their own. */
export function sameLeaf(a: Handshake, b: Handshake): boolean {
  const [one] = a.certificates;
  const [other] = b.certificates;
  return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0;
}
