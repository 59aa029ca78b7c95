import type { StoreFormat } from "./store-format.ts";
import type { PemLayout } from "./pem-layout.ts";
import type { JavaInvisibleReason } from "./truststore.ts";

/** Kinds of clients that pick the anchors out of a store by rules of their own. */
export const STORE_FAMILIES = [
  "java",
  "openssl",
  "go",
  "nodejs",
  "gskit",
  "dotnet",
  "nss",
] as const;

/** A kind of client that picks anchors by rules of its own. */
export type StoreFamily = (typeof STORE_FAMILIES)[number];

/** Why an entry of a store is no anchor for some kind of client. */
export type InvisibleReason =
  | JavaInvisibleReason
  /** A certificate of a private key's chain; these clients read trusted certificates only. */
  | "key-entry"
  /** `TRUSTED CERTIFICATE` that rejects the purpose serverAuth. */
  | "purpose-rejected"
  /** `TRUSTED CERTIFICATE` whose list of trusted purposes lacks serverAuth. */
  | "purpose-not-trusted"
  /** A PEM block with a label that this client passes over. */
  | "label-not-read"
  /** A PEM block that is not laid out as this client wants it: indented, on one line, behind a byte order mark... */
  | "layout-not-read"
  /** PEM: this client gives up on the file at a block that is no certificate. */
  | "file-refused"
  /** Key database of IBM or NSS: present, but not marked as a trusted authority for servers. */
  | "not-flagged-trusted"
  /** NSS: trusted as this one server, not as an authority. */
  | "trusted-peer-only"
  /** NSS: marked as distrusted. */
  | "distrusted"
  /** A file of a directory whose name is not the hash of its subject; OpenSSL looks up nothing else. */
  | "not-hash-named";

/** Whether a kind of client takes an entry as an anchor. */
export type AnchorVisibility =
  | { readonly visible: true }
  | { readonly visible: false; readonly reason: InvisibleReason };

/** Whether each kind of client takes an entry as an anchor. */
export type VisibilityByFamily = Readonly<Record<StoreFamily, AnchorVisibility>>;

/** What a reader knows about an entry that decides who sees it. */
export interface VisibilityFacts {
  readonly format: StoreFormat;
  readonly isCertificate: boolean;
  /** Position in the chain of a private key; null for an entry that stands for itself. */
  readonly keyPosition: number | null;
  readonly javaReason: JavaInvisibleReason | null;
  /** What the store itself marks the entry as; null in formats without marks, and for a trusted authority. */
  readonly mark: "not-flagged-trusted" | "trusted-peer-only" | "distrusted" | null;
  /** Label of the PEM block; null in other formats. */
  readonly label: string | null;
  /** Which readers of PEM take the block as it is laid out; null in other formats. */
  readonly layout: PemLayout | null;
  /** Dotted purposes of a `TRUSTED CERTIFICATE`; null elsewhere. */
  readonly purposes: {
    readonly trust: readonly string[] | null;
    readonly reject: readonly string[];
  } | null;
}

const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const ANY_PURPOSE = "2.5.29.37.0";

/** Formats in which a private key and its chain are one entry beside the trusted ones. */
const KEYSTORES: ReadonlySet<StoreFormat> = new Set<StoreFormat>([
  "jks",
  "jceks",
  "bks",
  "bcfks",
  "cms-kdb",
]);

/** PEM labels that PEM_X509_INFO_read_bio takes for certificates; Node.js reads its option `ca` alike. */
const OPENSSL_LABELS: ReadonlySet<string> = new Set([
  "CERTIFICATE",
  "X509 CERTIFICATE",
  "TRUSTED CERTIFICATE",
]);

/** Decides for every kind of client whether an entry is one of its anchors. */
export function visibilityByFamily(facts: VisibilityFacts): VisibilityByFamily {
  const decide = (reason: InvisibleReason | null): AnchorVisibility => {
    const first = facts.mark ?? reason;
    return first === null ? VISIBLE : { visible: false, reason: first };
  };
  const unreadable = facts.isCertificate ? null : ("certificate-unreadable" as const);
  const inKeystore = KEYSTORES.has(facts.format) && facts.keyPosition !== null;
  const keyEntry = inKeystore ? ("key-entry" as const) : null;
  const anyKey = facts.keyPosition === null ? null : ("key-entry" as const);
  const ownKey = facts.keyPosition === 0 ? ("key-entry" as const) : null;
  const openssl =
    labelReason(facts, OPENSSL_LABELS) ??
    layoutReason(facts.layout?.openssl) ??
    unreadable ??
    purposeReason(facts);
  const plain = unreadable ?? labelReason(facts, PLAIN_LABELS);
  return {
    java: decide(facts.javaReason ?? unreadable),
    openssl: decide(openssl ?? keyEntry),
    // `pfx` adds the certificates beside the key's own to the trusted ones (SecureContext::LoadPKCS12).
    nodejs: decide(openssl ?? keyEntry ?? ownKey),
    go: decide(plain ?? layoutReason(facts.layout?.go) ?? keyEntry),
    dotnet: decide(plain ?? keyEntry),
    gskit: decide(unreadable ?? anyKey),
    nss: decide(unreadable ?? anyKey),
  };
}

const VISIBLE: AnchorVisibility = { visible: true };

/** The label that Go's AppendCertsFromPEM and .NET's ImportFromPem ask for. */
const PLAIN_LABELS: ReadonlySet<string> = new Set(["CERTIFICATE"]);

function labelReason(
  { label }: VisibilityFacts,
  read: ReadonlySet<string>,
): "label-not-read" | null {
  return label === null || read.has(label) ? null : "label-not-read";
}

function layoutReason(isRead: boolean | undefined): "layout-not-read" | null {
  return isRead === false ? "layout-not-read" : null;
}

/** As X509_check_trust decides about servers. */
function purposeReason({
  purposes,
}: VisibilityFacts): "purpose-rejected" | "purpose-not-trusted" | null {
  if (purposes === null) return null;
  const { trust, reject } = purposes;
  const concerns = (list: readonly string[]): boolean =>
    list.includes(SERVER_AUTH) || list.includes(ANY_PURPOSE);
  if (concerns(reject)) return "purpose-rejected";
  return trust === null || concerns(trust) ? null : "purpose-not-trusted";
}
