import type { Handshake } from "../../probe/handshake.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { DerError, onlyElement, Tag } from "../../x509/der.ts";
import { type Name, namesEqual, readName } from "../../x509/name.ts";
import { counted, printable } from "../words.ts";

/** Names of accepted authorities that a sentence lists. */
const SHOWN_NAMES = 3;

/** Schannel sends at most this many bytes of names and leaves the others out (event 36885). */
const SCHANNEL_LIMIT = 16_384;

/** Names of authorities are hardly longer; a list that ends so close below the limit was most likely cut. */
const LONG_NAME = 512;

/** The names of authorities as text; one that cannot be read is counted with the others. */
export function authorityTexts(authorities: readonly Uint8Array[]): readonly string[] {
  return authorities.map((der) => {
    const name = nameOf(der);
    return name === null ? "an unreadable name" : printable(name.text);
  });
}

function nameOf(der: Uint8Array): Name | null {
  try {
    return readName(onlyElement(der, Tag.sequence, "a name"));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return null;
  }
}

/** `; it accepts A, B and 3 more`; nothing when the server names no authority. */
export function acceptedText({ certificateRequest }: Handshake): string {
  const names = authorityTexts(certificateRequest?.authorities ?? []);
  return names.length === 0 ? "" : `; it accepts ${few(names)}`;
}

/**
 * A step that spells out what the server accepts.
 * @param withKeys whether types of keys and signature schemes are in question, besides authorities
 */
export function acceptedSteps(
  { certificateRequest }: Handshake,
  withKeys = false,
): readonly string[] {
  if (certificateRequest === null) return [];
  const { authorities, certificateTypes, signatureSchemes } = certificateRequest;
  const parts = [
    authorities.length === 0
      ? "any CA (it names none)"
      : `certificates of ${authorityTexts(authorities).slice(0, MOST_NAMES).join(" · ")}${authorities.length > MOST_NAMES ? ` and ${counted(authorities.length - MOST_NAMES, "other")}` : ""}`,
    ...(certificateTypes.length === 0 || !withKeys
      ? []
      : [`types of keys ${certificateTypes.join(", ")}`]),
    ...(signatureSchemes.length === 0 || !withKeys
      ? []
      : [`signature schemes ${signatureSchemes.slice(0, MOST_NAMES).join(", ")}`]),
  ];
  return [`The server accepts: ${parts.join("; ")}`];
}

/** Names in a step, which has more room than a sentence. */
const MOST_NAMES = 12;

/** `(scheme, scheme)`: the signature schemes that the server accepts; nothing when it lists none. */
export function schemesText({ certificateRequest }: Handshake): string {
  const names = certificateRequest?.signatureSchemes ?? [];
  return names.length === 0 ? "" : ` (${few(names)})`;
}

/** Whether the server names the issuer of one of these certificates; null when it names nobody. */
export function acceptsIssuerOf(
  { certificateRequest }: Handshake,
  chain: readonly Certificate[],
): boolean | null {
  const authorities = certificateRequest?.authorities ?? [];
  if (authorities.length === 0) return null;
  const names = authorities.map(nameOf).filter((name) => name !== null);
  return chain.some(({ issuer }) => names.some((name) => namesEqual(name, issuer, "openssl")));
}

/** Bytes of the list of authorities where it is so long that Schannel has cut it, most likely; null otherwise. */
export function cutListLength({ certificateRequest }: Handshake): number | null {
  const length = (certificateRequest?.authorities ?? []).reduce(
    // each name has its length in front (RFC 8446 section 4.2.4)
    (sum, name) => sum + name.length + 2,
    0,
  );
  return length > SCHANNEL_LIMIT - LONG_NAME && length <= SCHANNEL_LIMIT ? length : null;
}

/** `A · B · C and 3 others`. */
export function few(names: readonly string[]): string {
  const rest = names.length - SHOWN_NAMES;
  const shown = names.slice(0, SHOWN_NAMES).join(" · ");
  return rest <= 0 ? shown : `${shown} and ${counted(rest, "other")}`;
}
