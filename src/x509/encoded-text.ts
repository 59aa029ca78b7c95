import { readPemBlocks } from "./pem.ts";
import { fail, ok, type Result } from "./result.ts";

/** What texts may hold: the labels of its PEM blocks (RFC 7468) and its name for people. */
export interface EncodedKind {
  readonly labels: readonly string[];
  readonly name: string;
}

/** Certificates in PEM, under their present label and an older one. */
export const CERTIFICATES: EncodedKind = {
  labels: ["CERTIFICATE", "X509 CERTIFICATE"],
  name: "certificate",
};

/** Revocation lists in PEM. */
export const REVOCATION_LISTS: EncodedKind = { labels: ["X509 CRL"], name: "revocation list" };

/** Responses by OCSP have no label of their own in RFC 7468; this is what some tools write. */
export const OCSP_RESPONSES: EncodedKind = { labels: ["OCSP RESPONSE"], name: "OCSP response" };

/** Reads a text of PEM blocks (one or more of the kind) or of base64 DER. */
export function readEncoded(
  text: string,
  { labels, name }: EncodedKind,
): Result<readonly Uint8Array[], string> {
  if (text.includes("-----BEGIN ")) {
    const blocks = readPemBlocks(text);
    if (!blocks.ok) return fail(blocks.error.message);
    const found = blocks.value.filter(({ label }) => labels.includes(label));
    return found.length === 0
      ? fail(`The PEM text holds no ${name}`)
      : ok(found.map(({ der }) => der));
  }
  const base64 = text.replaceAll(/\s+/g, "");
  if (base64 === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    return fail("Expected PEM or base64 DER");
  return ok([Buffer.from(base64, "base64")]);
}
