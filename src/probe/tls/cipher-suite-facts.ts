import { cipherSuiteName } from "./cipher-suite-names.ts";
import { Version } from "./versions.ts";

/** How both sides come to a secret; `dh` and `ecdh` take the server's half from its certificate. */
export type KeyExchange =
  | "any"
  | "rsa"
  | "dhe"
  | "ecdhe"
  | "dh"
  | "ecdh"
  | "psk"
  | "srp"
  | "krb5"
  | "eccpwd"
  | "gost"
  | "fortezza"
  | "null";

/** What proves the server's identity; `none` nothing does, `any` what the certificate holds (TLS 1.3). */
export type Authentication =
  | "any"
  | "rsa"
  | "dss"
  | "ecdsa"
  | "none"
  | "psk"
  | "srp"
  | "krb5"
  | "eccpwd"
  | "gost"
  | "fortezza";

/** What the name of a cipher suite says about it. */
export interface CipherSuiteFacts {
  readonly code: number;
  readonly name: string;
  readonly keyExchange: KeyExchange;
  readonly authentication: Authentication;
  /** Deliberately weakened for export from the United States (RFC 2246 appendix A.5). */
  readonly export: boolean;
  /** As in the name, e.g. `AES_128_CBC`, `RC4_128`, `NULL`. */
  readonly cipher: string;
  /** As in the name, e.g. `SHA`, `SHA384`; the hash of the key derivation for AEAD ciphers, null when unsaid. */
  readonly hash: string | null;
  /** First and last protocol version in which it may be negotiated, as in hello messages. */
  readonly firstVersion: number;
  readonly lastVersion: number;
}

/** Key exchange and authentication by the words in front of `_WITH_`. */
const EXCHANGES: Readonly<Record<string, readonly [KeyExchange, Authentication]>> = {
  NULL: ["null", "none"],
  RSA: ["rsa", "rsa"],
  RSA_FIPS: ["rsa", "rsa"],
  DH_DSS: ["dh", "dss"],
  DH_RSA: ["dh", "rsa"],
  DHE_DSS: ["dhe", "dss"],
  DHE_RSA: ["dhe", "rsa"],
  DH_anon: ["dhe", "none"],
  ECDH_ECDSA: ["ecdh", "ecdsa"],
  ECDH_RSA: ["ecdh", "rsa"],
  ECDHE_ECDSA: ["ecdhe", "ecdsa"],
  ECDHE_RSA: ["ecdhe", "rsa"],
  ECDH_anon: ["ecdhe", "none"],
  PSK: ["psk", "psk"],
  DHE_PSK: ["dhe", "psk"],
  PSK_DHE: ["dhe", "psk"],
  RSA_PSK: ["rsa", "psk"],
  ECDHE_PSK: ["ecdhe", "psk"],
  SRP_SHA: ["srp", "srp"],
  SRP_SHA_RSA: ["srp", "rsa"],
  SRP_SHA_DSS: ["srp", "dss"],
  KRB5: ["krb5", "krb5"],
  ECCPWD: ["eccpwd", "eccpwd"],
  GOSTR341094: ["gost", "gost"],
  GOSTR341001: ["gost", "gost"],
  GOSTR341112_256: ["gost", "gost"],
  FORTEZZA_KEA: ["fortezza", "fortezza"],
};

const PATTERN =
  /^(?:TLS|SSL)_(?<exchange>[A-Za-z0-9_]+?)(?<export>_EXPORT(?:1024)?)?_WITH_(?<cipher>[A-Z0-9_]+?)(?:_(?<hash>MD5|SHA|SHA256|SHA384|GOSTR3411))?$/;

const PATTERN_13 = /^TLS_(?<cipher>[A-Z0-9_]+)_(?<hash>SHA256|SHA384|SHA512|SM3)$/;

/** TLS 1.3 suites of GOST keep the words of older ones (RFC 9367). */
const GOST_13 = /_MGM_[LS]$/;

/** Only TLS 1.2 has AEAD ciphers and chooses a hash; PSK suites with CBC are older than that in form (RFC 5487). */
const AEAD = /_(?:GCM|CCM|CCM_8|POLY1305|POLY1305_OLD|OMAC)$/;

/**
 * What is known about a cipher suite of any version up to 1.3, completed by the engine or not; undefined
 * for codes without a name and for signals that are no suites (`..._SCSV`).
 */
export function cipherSuiteFacts(code: number): CipherSuiteFacts | undefined {
  const before = known.get(code);
  if (before !== undefined) return before;
  const facts = factsOf(code);
  if (facts !== undefined) known.set(code, facts);
  return facts;
}

/** At most as many as there are names: every survey asks about all of them. */
const known = new Map<number, CipherSuiteFacts>();

function factsOf(code: number): CipherSuiteFacts | undefined {
  const name = cipherSuiteName(code);
  const old = GOST_13.test(name) ? undefined : PATTERN.exec(name)?.groups;
  if (old === undefined) return facts13(code, name);
  const { exchange = "", cipher = "", hash = null } = old;
  const [keyExchange, authentication] = EXCHANGES[exchange] ?? ["null", "none"];
  const facts = {
    code,
    name,
    keyExchange,
    authentication,
    export: old["export"] !== undefined,
    cipher,
    hash,
  } as const;
  return { ...facts, ...versionsOf(facts) };
}

function facts13(code: number, name: string): CipherSuiteFacts | undefined {
  const groups = PATTERN_13.exec(name)?.groups;
  const gost = GOST_13.test(name);
  if (groups === undefined && !gost) return undefined;
  return {
    code,
    name,
    keyExchange: "any",
    authentication: "any",
    export: false,
    cipher: groups?.["cipher"] ?? name.replace(/^.*_WITH_/, ""),
    hash: groups?.["hash"] ?? null,
    firstVersion: Version.tls13,
    lastVersion: Version.tls13,
  };
}

type VersionRange = Pick<CipherSuiteFacts, "firstVersion" | "lastVersion">;

/**
 * Versions that allow a suite: SHA-2 and AEAD began with 1.2 (RFC 5246 section 1.2), DES and IDEA ended with
 * 1.1 (RFC 5469), export suites with 1.0 (RFC 4346 appendix A.5), and curves began with 1.0 (RFC 8422).
 */
function versionsOf({
  keyExchange,
  authentication,
  export: weakened,
  cipher,
  hash,
}: Omit<CipherSuiteFacts, "firstVersion" | "lastVersion">): VersionRange {
  const { ssl30, tls10, tls11, tls12 } = Version;
  if (weakened) return { firstVersion: ssl30, lastVersion: tls10 };
  const modern = AEAD.test(cipher) || /^SHA(?:256|384)$/.test(hash ?? "");
  if (modern && (authentication !== "psk" || AEAD.test(cipher)))
    return { firstVersion: tls12, lastVersion: tls12 };
  const firstVersion =
    keyExchange === "ecdhe" || keyExchange === "ecdh" || authentication === "psk" ? tls10 : ssl30;
  const old = cipher === "DES_CBC" || cipher === "IDEA_CBC";
  return { firstVersion, lastVersion: old ? tls11 : tls12 };
}
