import { type Aead, AEADS } from "./aeads.ts";
import { type CipherSuiteFacts, cipherSuiteFacts } from "./cipher-suite-facts.ts";
import type { SuiteHash } from "./hashes.ts";

/** A block cipher in CBC mode as node:crypto spells it. */
export type CbcCipher =
  | "des-ede3-cbc"
  | "aes-128-cbc"
  | "aes-256-cbc"
  | "camellia-128-cbc"
  | "camellia-256-cbc"
  | "aria-128-cbc"
  | "aria-256-cbc";

/** A block cipher with a message authentication code of its own (RFC 5246 section 6.2.3.2). */
export interface CbcProtection {
  readonly kind: "cbc";
  readonly cipher: CbcCipher;
  /** Bytes. */
  readonly keyLength: 16 | 24 | 32;
  /** Bytes. */
  readonly blockLength: 8 | 16;
  readonly mac: "sha1" | "sha256" | "sha384";
  /** Bytes of the code and of its key. */
  readonly macLength: 20 | 32 | 48;
}

/** How a suite protects records. */
export type Protection = { readonly kind: "aead"; readonly aead: Aead } | CbcProtection;

/** A cipher suite of TLS 1.0 to 1.2 that the engine can complete. */
export interface CipherSuite12 {
  readonly code: number;
  /** IANA name. */
  readonly name: string;
  readonly keyExchange: "rsa" | "dhe" | "ecdhe";
  /** Type of the key in the server's certificate. */
  readonly authentication: "rsa" | "dss" | "ecdsa";
  readonly protection: Protection;
  /** Hash of the key derivation in TLS 1.2; older versions have one of their own. */
  readonly hash: SuiteHash;
  /** First and last version that allow it, as in hello messages. */
  readonly firstVersion: number;
  readonly lastVersion: number;
}

type CbcRow = Pick<CbcProtection, "cipher" | "keyLength" | "blockLength">;

/** Block ciphers by the name that they have inside the names of cipher suites. */
const CBC_CIPHERS: Readonly<Record<string, CbcRow>> = {
  "3DES_EDE_CBC": { cipher: "des-ede3-cbc", keyLength: 24, blockLength: 8 },
  AES_128_CBC: { cipher: "aes-128-cbc", keyLength: 16, blockLength: 16 },
  AES_256_CBC: { cipher: "aes-256-cbc", keyLength: 32, blockLength: 16 },
  CAMELLIA_128_CBC: { cipher: "camellia-128-cbc", keyLength: 16, blockLength: 16 },
  CAMELLIA_256_CBC: { cipher: "camellia-256-cbc", keyLength: 32, blockLength: 16 },
  ARIA_128_CBC: { cipher: "aria-128-cbc", keyLength: 16, blockLength: 16 },
  ARIA_256_CBC: { cipher: "aria-256-cbc", keyLength: 32, blockLength: 16 },
};

const MACS: Readonly<Record<string, Pick<CbcProtection, "mac" | "macLength">>> = {
  SHA: { mac: "sha1", macLength: 20 },
  SHA256: { mac: "sha256", macLength: 32 },
  SHA384: { mac: "sha384", macLength: 48 },
};

function protectionOf({ cipher, hash }: CipherSuiteFacts): Protection | null {
  const aead = (AEADS as Readonly<Record<string, Aead | undefined>>)[cipher];
  if (aead !== undefined) return { kind: "aead", aead };
  const cbc = CBC_CIPHERS[cipher];
  const mac = MACS[hash ?? ""];
  return cbc === undefined || mac === undefined ? null : { kind: "cbc", ...cbc, ...mac };
}

/** A suite that the engine knows by name and does not complete, and why. */
export interface CipherSuiteObstacle {
  readonly facts: CipherSuiteFacts;
  /** Completes the sentence 'the engine does not complete it because ...'. */
  readonly because: string;
}

/** What becomes of a suite of TLS 1.0 to 1.2 when a server chooses it. */
export type SuiteChoice = CipherSuite12 | CipherSuiteObstacle;

const choices = new Map<number, SuiteChoice>();

/**
 * The suite behind a code point, or why the engine does not complete it; undefined for codes that are not
 * registered. A suite without encryption or without a proof of the server's identity is left at its hello
 * and its certificate: more of it would say nothing about the server's trust.
 */
export function cipherSuite12(code: number): SuiteChoice | undefined {
  const known = choices.get(code);
  if (known !== undefined) return known;
  const choice = choose(code);
  if (choice !== undefined) choices.set(code, choice);
  return choice;
}

function choose(code: number): SuiteChoice | undefined {
  const facts = cipherSuiteFacts(code);
  if (facts === undefined) return undefined;
  const { name, keyExchange, authentication, cipher, hash, firstVersion, lastVersion } = facts;
  const obstacle = (because: string): CipherSuiteObstacle => ({ facts, because });
  if (facts.export)
    return obstacle("its keys are as weak as export from the United States required");
  if (authentication === "none") return obstacle("nothing in it proves the server's identity");
  if (authentication !== "rsa" && authentication !== "dss" && authentication !== "ecdsa")
    return obstacle(`it authenticates by other means than certificates (${facts.authentication})`);
  if (cipher === "NULL") return obstacle("it encrypts nothing");
  if (keyExchange !== "rsa" && keyExchange !== "dhe" && keyExchange !== "ecdhe")
    return obstacle(`its key exchange ${keyExchange} is not implemented`);
  const protection = protectionOf(facts);
  if (protection === null || name.startsWith("SSL_"))
    return obstacle(`its cipher ${cipher} is not implemented`);
  return {
    code,
    name,
    keyExchange,
    authentication,
    protection,
    hash: hash === "SHA384" ? "sha384" : "sha256",
    firstVersion,
    lastVersion,
  };
}
