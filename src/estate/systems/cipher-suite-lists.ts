import { type CipherSuiteFacts, cipherSuiteFacts } from "../../probe/tls/cipher-suite-facts.ts";
import { NAMED_CIPHER_SUITES } from "../../probe/tls/cipher-suite-names.ts";

/** Every registered cipher suite, by its name. */
const SUITES: ReadonlyMap<string, CipherSuiteFacts> = new Map(
  NAMED_CIPHER_SUITES.flatMap((code) => {
    const facts = cipherSuiteFacts(code);
    return facts === undefined ? [] : [[facts.name, facts] as const];
  }),
);

/** Suites of TLS 1.3 that OpenSSL offers and accepts whatever a list for older versions says. */
const OPENSSL_TLS_13 = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_GCM_SHA256",
] as const;

/** Most words of one list. */
const MAX_WORDS = 500;

/** What the name of a suite says; undefined for a name that is not registered. */
export const suiteNamed = (name: string): CipherSuiteFacts | undefined => SUITES.get(name);

/**
 * The suites of a list as Java systems write it: registered names, `SSL_` for `TLS_`, with blanks or commas between
 * them; names of OpenSSL, which Tomcat takes as well. Null when a word is none of these: then the list is not known.
 */
export function javaCipherSuites(text: string): readonly string[] | null {
  const words = wordsOf(text, /[\s,;]+/u);
  if (words.length === 0) return null;
  const named = words.flatMap((word) => registered(word) ?? []);
  return named.length === words.length ? [...new Set(named)] : opensslList(text, []);
}

/**
 * The suites of a list in OpenSSL's words (`ECDHE-RSA-AES128-GCM-SHA256:!aNULL`, `HIGH:!kRSA`), those of TLS 1.3 among
 * them: their own list is `suites13`. Null when a word is not understood. Classes are taken widely rather than narrowly.
 */
export function opensslCipherSuites(
  text: string,
  suites13: string | null = null,
): readonly string[] | null {
  return opensslList(text, suites13 === null ? OPENSSL_TLS_13 : wordsOf(suites13, /[\s:,]+/u));
}

function opensslList(text: string, always: readonly string[]): readonly string[] | null {
  const words = wordsOf(text.replace(/^["'](.*)["']$/u, "$1"), /[\s:,;]+/u);
  if (words.length === 0) return null;
  const chosen = new Set<string>(always);
  for (const word of words) {
    if (/^@(?:STRENGTH|SECLEVEL=\d)$/u.test(word)) continue;
    const [, sign = "", name = ""] = /^([!+-]?)(.*)$/u.exec(word) ?? [];
    const suites = matching(name);
    if (suites === null) return null;
    // `+` only moves suites to the end
    if (sign === "+") continue;
    for (const { name: suite, firstVersion } of suites) {
      if (sign === "") chosen.add(suite);
      else if (firstVersion < 0x0304) chosen.delete(suite);
    }
  }
  return [...chosen];
}

const wordsOf = (text: string, separator: RegExp): readonly string[] =>
  text
    .split(separator, MAX_WORDS)
    .map((word) => word.trim())
    .filter((word) => word !== "");

function registered(word: string): string | null {
  const name = word.replace(/^SSL_/u, "TLS_");
  return SUITES.has(name) ? name : null;
}

/** Suites that a word of OpenSSL stands for: one suite, or classes that all have to fit; null for an unknown word. */
function matching(word: string): readonly CipherSuiteFacts[] | null {
  const one = SUITES.get(registered(word) ?? registeredName(word) ?? "");
  if (one !== undefined) return [one];
  const classes = word.split("+").map((each) => CLASSES.get(each.toUpperCase()));
  const fits: ((facts: CipherSuiteFacts) => boolean)[] = [];
  for (const each of classes) {
    if (each === undefined) return null;
    fits.push(each);
  }
  return [...SUITES.values()].filter((facts) => fits.every((fit) => fit(facts)));
}

const exchange =
  (...kinds: readonly CipherSuiteFacts["keyExchange"][]) =>
  ({ keyExchange }: CipherSuiteFacts): boolean =>
    kinds.includes(keyExchange);
const authentication =
  (...kinds: readonly CipherSuiteFacts["authentication"][]) =>
  (facts: CipherSuiteFacts): boolean =>
    kinds.includes(facts.authentication);
const cipher =
  (pattern: RegExp) =>
  (facts: CipherSuiteFacts): boolean =>
    pattern.test(facts.cipher);

const isEphemeral = (facts: CipherSuiteFacts): boolean =>
  facts.keyExchange === "dhe" || facts.keyExchange === "ecdhe";

/** Classes of suites by their names in OpenSSL (ciphers(1)), in upper case. */
const CLASSES: ReadonlyMap<string, (facts: CipherSuiteFacts) => boolean> = new Map<
  string,
  (facts: CipherSuiteFacts) => boolean
>([
  ["ALL", cipher(/^(?!NULL)/u)],
  ["DEFAULT", cipher(/^(?!NULL)/u)],
  ["COMPLEMENTOFDEFAULT", cipher(/^NULL/u)],
  ["HIGH", cipher(/AES|CHACHA|CAMELLIA|ARIA|3DES/u)],
  ["MEDIUM", cipher(/RC4_128|SEED|IDEA|RC2_128/u)],
  ["LOW", cipher(/^DES_|^DES$|DES_CBC$/u)],
  ["EXP", (facts) => facts.export],
  ["EXPORT", (facts) => facts.export],
  ["ENULL", cipher(/^NULL/u)],
  ["NULL", cipher(/^NULL/u)],
  ["ANULL", authentication("none")],
  ["ADH", (facts) => facts.keyExchange === "dhe" && facts.authentication === "none"],
  ["AECDH", (facts) => facts.keyExchange === "ecdhe" && facts.authentication === "none"],
  ["KRSA", exchange("rsa")],
  ["RSA", (facts) => facts.keyExchange === "rsa" || facts.authentication === "rsa"],
  ["ARSA", authentication("rsa")],
  ["KEDH", exchange("dhe")],
  ["KDHE", exchange("dhe")],
  ["EDH", exchange("dhe")],
  ["DHE", exchange("dhe")],
  ["DH", exchange("dhe", "dh")],
  ["KEECDH", exchange("ecdhe")],
  ["KECDHE", exchange("ecdhe")],
  ["EECDH", exchange("ecdhe")],
  ["ECDHE", exchange("ecdhe")],
  ["ECDH", exchange("ecdhe", "ecdh")],
  ["ECDSA", authentication("ecdsa")],
  ["AECDSA", authentication("ecdsa")],
  ["DSS", authentication("dss")],
  ["ADSS", authentication("dss")],
  ["PSK", ({ name }) => name.includes("PSK")],
  ["SRP", exchange("srp")],
  ["KRB5", exchange("krb5")],
  ["AES", cipher(/^AES_/u)],
  ["AES128", cipher(/^AES_128/u)],
  ["AES256", cipher(/^AES_256/u)],
  ["AESGCM", cipher(/^AES_\d+_GCM/u)],
  ["AESCCM", cipher(/^AES_\d+_CCM/u)],
  ["CHACHA20", cipher(/^CHACHA20/u)],
  ["CAMELLIA", cipher(/^CAMELLIA/u)],
  ["ARIA", cipher(/^ARIA/u)],
  ["3DES", cipher(/^3DES/u)],
  ["DES", cipher(/^DES/u)],
  ["RC4", cipher(/^RC4/u)],
  ["RC2", cipher(/^RC2/u)],
  ["IDEA", cipher(/^IDEA/u)],
  ["SEED", cipher(/^SEED/u)],
  ["MD5", ({ hash }) => hash === "MD5"],
  ["SHA", ({ hash }) => hash === "SHA"],
  ["SHA1", ({ hash }) => hash === "SHA"],
  ["SHA256", ({ hash }) => hash === "SHA256"],
  ["SHA384", ({ hash }) => hash === "SHA384"],
  ["TLSV1.2", ({ firstVersion }) => firstVersion === 0x0303],
  ["TLSV1", ({ firstVersion }) => firstVersion <= 0x0303],
  ["SSLV3", ({ firstVersion }) => firstVersion <= 0x0301],
  ["PFS", isEphemeral],
]);

/** Ciphers in OpenSSL's words with the middle of the registered name. */
const CIPHERS: readonly (readonly [words: RegExp, registered: string])[] = [
  [/^AES(128|256)-GCM-SHA(256|384)$/u, "AES_$1_GCM_SHA$2"],
  [/^AES(128|256)-CCM8$/u, "AES_$1_CCM_8"],
  [/^AES(128|256)-CCM$/u, "AES_$1_CCM"],
  [/^(AES|CAMELLIA)(128|256)-SHA$/u, "$1_$2_CBC_SHA"],
  [/^(AES|CAMELLIA)(128|256)-SHA(256|384)$/u, "$1_$2_CBC_SHA$3"],
  [/^(AES|CAMELLIA)(128|256)-CBC-SHA$/u, "$1_$2_CBC_SHA"],
  [/^(AES|CAMELLIA)(128|256)-CBC-SHA(256|384)$/u, "$1_$2_CBC_SHA$3"],
  [/^(ARIA)(128|256)-GCM-SHA(256|384)$/u, "$1_$2_GCM_SHA$3"],
  [/^CHACHA20-POLY1305$/u, "CHACHA20_POLY1305_SHA256"],
  [/^DES-CBC3-SHA$/u, "3DES_EDE_CBC_SHA"],
  [/^3DES-EDE-CBC-SHA$/u, "3DES_EDE_CBC_SHA"],
  [/^RC4-(SHA|MD5)$/u, "RC4_128_$1"],
  [/^SEED-SHA$/u, "SEED_CBC_SHA"],
  [/^IDEA-CBC-SHA$/u, "IDEA_CBC_SHA"],
  [/^NULL-(SHA|MD5|SHA256|SHA384)$/u, "NULL_$1"],
];

/** Key exchanges in OpenSSL's words with the beginning of the registered name. */
const EXCHANGES: readonly (readonly [words: string, registered: string])[] = [
  ["ECDHE-RSA-", "ECDHE_RSA"],
  ["ECDHE-ECDSA-", "ECDHE_ECDSA"],
  ["ECDHE-PSK-", "ECDHE_PSK"],
  ["ECDHE-ARIA", "ECDHE_RSA"],
  ["DHE-RSA-", "DHE_RSA"],
  ["EDH-RSA-", "DHE_RSA"],
  ["DHE-DSS-", "DHE_DSS"],
  ["EDH-DSS-", "DHE_DSS"],
  ["DHE-PSK-", "DHE_PSK"],
  ["RSA-PSK-", "RSA_PSK"],
  ["AECDH-", "ECDH_anon"],
  ["ADH-", "DH_anon"],
  ["PSK-", "PSK"],
  ["", "RSA"],
];

/** The registered name of a suite that OpenSSL calls otherwise, e.g. ECDHE-RSA-AES128-SHA; null for none. */
function registeredName(word: string): string | null {
  for (const [start, kind] of EXCHANGES) {
    if (!word.startsWith(start)) continue;
    const rest = word.slice(start === "ECDHE-ARIA" ? "ECDHE-".length : start.length);
    for (const [pattern, middle] of CIPHERS)
      if (pattern.test(rest)) return `TLS_${kind}_WITH_${rest.replace(pattern, middle)}`;
  }
  return null;
}
