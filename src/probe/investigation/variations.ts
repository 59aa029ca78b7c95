import type { Handshake } from "../handshake.ts";
import { CIPHER_SUITES_13 } from "../tls/cipher-suites-13.ts";
import { cipherSuiteName } from "../tls/cipher-suite-names.ts";
import { USUAL_SUITES_12 } from "../tls/cipher-suites.ts";
import { ExtensionType } from "../tls/extensions.ts";
import { groupName, shareableGroup } from "../tls/groups.ts";
import { buildHello } from "../tls/hello-builder.ts";
import type { HelloShape } from "../tls/hello-shape.ts";
import { SIGNATURE_SCHEMES, type SigningKeyType } from "../tls/signature-schemes.ts";
import { Version } from "../tls/versions.ts";

const GROUP = { x25519: 0x1d, secp256r1: 0x17, secp384r1: 0x18 } as const;

/** Whether a group is, or holds, an exchange that a quantum computer does not break: its shares are long. */
export function isPostQuantum(group: number): boolean {
  return /mlkem|kyber/.test(groupName(group));
}

/** Whether a conversation ends with a second hello that carries such a share because the server asked for it. */
export function retriedPostQuantum({ retry }: Handshake): boolean {
  return /mlkem|kyber/.test(retry?.group ?? "");
}

const groupOf = (share: HelloShape["keyShares"][number]): number =>
  typeof share === "number" ? share : share.group;

/** Whether a hello carries a key share of a post-quantum group. */
export function hasPostQuantumShare({ keyShares }: HelloShape): boolean {
  return keyShares.some((share) => isPostQuantum(groupOf(share)));
}

/** The same hello without post-quantum groups. */
export function withoutPostQuantum(shape: HelloShape): HelloShape {
  const groups = shape.groups.filter((group) => !isPostQuantum(group));
  const kept = shape.keyShares.filter((share) => !isPostQuantum(groupOf(share)));
  const first = groups.filter((group) => shareableGroup(group) !== undefined).slice(0, 1);
  return { ...shape, groups, keyShares: kept.length > 0 ? kept : first };
}

/** The same hello without application protocols. */
export function withoutAlpn(shape: HelloShape): HelloShape {
  const extensions = shape.extensions.filter(
    (extension) =>
      (typeof extension === "number" ? extension : extension.type) !== ExtensionType.alpn,
  );
  return { ...shape, alpn: [], extensions };
}

/** What every server of the last ten years understands, and little else. */
export function smallHello(): HelloShape {
  return buildHello({
    groups: [GROUP.x25519, GROUP.secp256r1],
    signatureSchemes: schemesOf(["ec", "rsa", "rsa-pss"]).slice(0, 12),
    without: [
      ExtensionType.sessionTicket,
      ExtensionType.statusRequest,
      ExtensionType.signedCertificateTimestamp,
      ExtensionType.signatureAlgorithmsCert,
      ExtensionType.compressCertificate,
      ExtensionType.recordSizeLimit,
      ExtensionType.encryptThenMac,
    ],
  });
}

/** A hello of ordinary size whose newest version is TLS 1.2. */
export function tls12Hello(): HelloShape {
  return buildHello({
    versions: [Version.tls12],
    groups: [GROUP.x25519, GROUP.secp256r1, GROUP.secp384r1],
    cipherSuites: USUAL_SUITES_12.slice(0, 40),
  });
}

/** A hello for servers that have a certificate with this kind of key. */
export function keyTypeHello(shape: HelloShape, type: "rsa" | "ecdsa"): HelloShape {
  const signatureSchemes = schemesOf(type === "rsa" ? ["rsa", "rsa-pss"] : ["ec"]);
  const fits = (code: number): boolean => {
    if (SUITES_13.has(code)) return true;
    return cipherSuiteName(code).includes("_ECDSA_") === (type === "ecdsa");
  };
  const cipherSuites = shape.cipherSuites.filter(fits);
  // what signs the certificates is left open
  const { signatureAlgorithmsCert } = ExtensionType;
  if (shape.extensions.includes(signatureAlgorithmsCert))
    return { ...shape, cipherSuites, signatureSchemes };
  const extensions = [...shape.extensions, signatureAlgorithmsCert];
  const certificateSignatureSchemes = SIGNATURE_SCHEMES.map(({ code }) => code);
  return { ...shape, cipherSuites, signatureSchemes, certificateSignatureSchemes, extensions };
}

const SUITES_13: ReadonlySet<number> = new Set(CIPHER_SUITES_13.map(({ code }) => code));

function schemesOf(types: readonly SigningKeyType[]): readonly number[] {
  return SIGNATURE_SCHEMES.filter(({ keyType }) => types.includes(keyType)).map(({ code }) => code);
}
