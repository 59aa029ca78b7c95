import { Abort } from "./abort.ts";
import type { CertificateMessage, CertificateSink } from "./certificate-message.ts";
import type { Conversation } from "./conversation.ts";
import {
  schemeAllowed,
  type SignatureScheme,
  signatureScheme,
  signatureSchemeName,
} from "./signature-schemes.ts";
import type { DigitallySigned } from "./signed-messages.ts";
import { schemeFitsKey, type SigningKey, verifySignature } from "./signatures.ts";

type Decode = (body: Uint8Array, sink: CertificateSink) => CertificateMessage;

/** Records the server's chain, whatever is in it and whatever follows. @throws {Abort} @throws {DecodeError} */
export function recordCertificates(
  conversation: Conversation,
  body: Uint8Array,
  decode: Decode,
): readonly Uint8Array[] {
  const { certificates, ocspStaple, timestamps, extensions } = decode(body, (read) => {
    if (read.length > 0) conversation.emit({ kind: "certificates", certificates: read });
  });
  if (extensions.length > 0) conversation.emit({ kind: "extensions", extensions });
  if (timestamps.length > 0) conversation.emit({ kind: "timestamps", timestamps });
  if (ocspStaple !== null) conversation.emit({ kind: "ocsp-staple", response: ocspStaple });
  return certificates;
}

/** The key of the server's own certificate, the first one. @throws {Abort} */
export function leafKey(
  { serverKeys }: Conversation,
  certificates: readonly Uint8Array[],
): SigningKey {
  const leaf = certificates[0];
  if (leaf === undefined)
    throw new Abort("malformed-message", "decode_error", "Server sent no certificate at all");
  return serverKeys.of(leaf);
}

/** Proof that is checked: who signed what, under which rules. */
export interface Proof {
  readonly key: SigningKey;
  readonly signed: DigitallySigned;
  readonly content: Uint8Array;
  readonly tls13: boolean;
  /** Codes that the client offered. */
  readonly offered: readonly number[];
}

/** Checks the server's handshake signature and reports its scheme. @throws {Abort} */
export function checkProof(
  conversation: Conversation,
  { key, signed, content, tls13, offered }: Proof,
): void {
  const scheme = usableScheme(signed.scheme, tls13, offered);
  if (scheme === undefined)
    throw new Abort(
      "parameter-unsupported",
      "illegal_parameter",
      `Server signed with ${signatureSchemeName(signed.scheme)}, which may not be used here`,
    );
  checkSignature(conversation, scheme, { key, signature: signed.signature, content, tls13 });
}

/** A signature that is checked under a scheme that is already settled. */
export type SignatureUnderScheme = Pick<Proof, "key" | "content" | "tls13"> &
  Pick<DigitallySigned, "signature">;

/** Checks the server's handshake signature under a given scheme and reports it. @throws {Abort} */
export function checkSignature(
  conversation: Conversation,
  scheme: SignatureScheme,
  { key, signature, content, tls13 }: SignatureUnderScheme,
): void {
  const { name } = scheme;
  if (!schemeFitsKey(scheme, key, tls13))
    throw new Abort(
      "bad-signature",
      "illegal_parameter",
      `Server signed with ${name}, but its certificate holds a key of type ${keyName(key)}`,
    );
  if (!verifySignature(scheme, key.key, content, signature))
    throw new Abort(
      "bad-signature",
      "decrypt_error",
      `Server's ${name} signature does not verify with the key of its certificate`,
    );
  conversation.emit({ kind: "signature", scheme: name });
}

function usableScheme(
  code: number,
  tls13: boolean,
  offered: readonly number[],
): SignatureScheme | undefined {
  const scheme = offered.includes(code) ? signatureScheme(code) : undefined;
  return scheme !== undefined && schemeAllowed(scheme, tls13) ? scheme : undefined;
}

function keyName({ type, curve }: SigningKey): string {
  return curve === null ? type : `${type} ${curve}`;
}
