import type { Certificate } from "../../x509/certificate.ts";
import {
  extendedKeyUsage,
  keyUsage,
  type KeyUsageBit,
  netscapeCertType,
  valueOf,
} from "../../x509/extensions.ts";
import { ExtensionOid, KeyPurpose } from "../../x509/oids.ts";
import { reason } from "../reason.ts";
import type { JavaContext } from "./context.ts";
import { extensionError, PARSING_EXCEPTION } from "./parse-refusals.ts";
import { refusal, type Refusal } from "./refusal.ts";

const SERVER_PURPOSES: readonly string[] = [
  KeyPurpose.serverAuth,
  KeyPurpose.any,
  KeyPurpose.microsoftServerGatedCrypto,
  KeyPurpose.netscapeServerGatedCrypto,
];
const CLIENT_PURPOSES: readonly string[] = [KeyPurpose.clientAuth, KeyPurpose.any];

/** sun.security.validator.EndEntityChecker: key usage by key exchange, purposes, Netscape type. */
export function checkEndEntity(leaf: Certificate, context: JavaContext): Refusal | null {
  const at = { sha256: leaf.sha256, depth: 0 };
  const usage = valueOf(keyUsage(leaf));
  const needed = neededUsage(context);
  if (usage !== undefined && !usage.has(needed.bit))
    return refusal(
      "plain",
      reason("key-usage", { ...at, detail: `${needed.bit} is not set` }),
      `KeyUsage does not allow ${needed.words}`,
    );
  const role = context.purpose;
  const purposes = extendedKeyUsage(leaf);
  const error = context.rules.malformedExtensionsRaise
    ? extensionError(leaf, ExtensionOid.extendedKeyUsage, context.rules.wording)
    : null;
  if (error !== null)
    return refusal(
      "plain",
      reason("certificate-malformed", { ...at, detail: error }),
      `${PARSING_EXCEPTION}: ${error}`,
    );
  const accepted = role === "server" ? SERVER_PURPOSES : CLIENT_PURPOSES;
  if (purposes.state === "present" && !purposes.value.some((oid) => accepted.includes(oid)))
    return refusal(
      "plain",
      reason("extended-key-usage", { ...at, detail: purposes.value.join(", ") }),
      `Extended key usage does not permit use for TLS ${role} authentication`,
    );
  const netscape = valueOf(netscapeCertType(leaf));
  if (netscape !== undefined && (netscape & (role === "server" ? 0x40 : 0x80)) === 0)
    return refusal(
      "plain",
      reason("netscape-type", at),
      `Netscape cert type does not permit use for SSL ${role}`,
    );
  return null;
}

interface NeededUsage {
  readonly bit: KeyUsageBit;
  readonly words: string;
}

/** The bit that the authType asks for; TLS 1.3 passes UNKNOWN, which means signatures. */
function neededUsage({ purpose, version, cipherSuite }: JavaContext): NeededUsage {
  const signatures: NeededUsage = { bit: "digitalSignature", words: "digital signatures" };
  if (purpose === "client" || version !== "TLSv1.2" || cipherSuite === null) return signatures;
  if (cipherSuite.startsWith("TLS_RSA_"))
    return { bit: "keyEncipherment", words: "key encipherment" };
  if (/^TLS_EC?DH_/.test(cipherSuite)) return { bit: "keyAgreement", words: "key agreement" };
  return signatures;
}
