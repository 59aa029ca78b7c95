import type { Profile } from "../trust/profile.ts";
import { anchorsFor } from "../truststore/anchors.ts";
import type { StoreError, Truststore } from "../truststore/truststore.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { NamedTruststore, RelyingParty } from "./assess.ts";
import type { FindingCode } from "./finding-codes.ts";
import type { Finding } from "./finding.ts";
import { makeFinding } from "./make-finding.ts";
import type { LocatedAnchor, StoreFacts } from "./situation.ts";
import { IGNORED_WORDS } from "./visibility-words.ts";
import { counted, shellWord } from "./words.ts";

/** Where a truststore lies and what it is, for remedies. */
export function storeFacts(
  { name, passwordSpec = null }: Pick<NamedTruststore, "name" | "passwordSpec">,
  store: Truststore,
): StoreFacts {
  const [first] = store.files;
  const path = store.files.length === 1 ? (first?.path ?? null) : null;
  const isJavaStore = first !== undefined && ["jks", "jceks", "pkcs12"].includes(first.format);
  const needsPassword = store.files.some(({ flavour }) => flavour.encryption.length > 0);
  const isSystemStore = first?.format === "system";
  const files = store.files.flatMap((file) => file.path ?? []);
  const format = first?.format ?? null;
  return { name, path, files, format, passwordSpec, isJavaStore, isSystemStore, needsPassword };
}

/** The anchors that one kind of client sees in the stores that could be read, each with its place. */
export function locatedAnchors(
  stores: readonly NamedTruststore[],
  family: Profile["storeFamily"],
): readonly LocatedAnchor[] {
  return stores.flatMap((named) => {
    const { store } = named;
    if (!store.ok) return [];
    const facts = storeFacts(named, store.value);
    const files = new Map(
      store.value.files.flatMap(({ path, entries }) => entries.map((entry) => [entry, path])),
    );
    return anchorsFor(store.value, family).anchors.flatMap((entry) => {
      const { alias, certificate } = entry;
      if (!certificate.ok) return [];
      const file = files.get(entry) ?? null;
      return [{ certificate: certificate.value, store: facts, file, alias }];
    });
  });
}

const memory = new WeakMap<readonly NamedTruststore[], Map<string, readonly LocatedAnchor[]>>();

/** As locatedAnchors, computed once per list of stores and family: verdicts index anchors by identity of the array. */
export function anchorsOnce(
  stores: readonly NamedTruststore[],
  family: Profile["storeFamily"],
): readonly LocatedAnchor[] {
  let known = memory.get(stores);
  if (known === undefined) {
    known = new Map();
    memory.set(stores, known);
  }
  let anchors = known.get(family);
  if (anchors === undefined) {
    anchors = locatedAnchors(stores, family);
    known.set(family, anchors);
  }
  return anchors;
}

const certificateLists = new WeakMap<readonly LocatedAnchor[], readonly Certificate[]>();

/** The certificates of located anchors; the same list gives the same array. */
export function certificatesOf(anchors: readonly LocatedAnchor[]): readonly Certificate[] {
  let list = certificateLists.get(anchors);
  if (list === undefined) {
    list = anchors.map(({ certificate }) => certificate);
    certificateLists.set(anchors, list);
  }
  return list;
}

const CODES: Partial<Record<StoreError["code"], FindingCode>> = {
  "not-found": "truststore.not-found",
  "wrong-password": "truststore.wrong-password",
  "password-required": "truststore.wrong-password",
};

/** Findings about the stores themselves: unreadable ones, and stores in which this client sees nothing. */
export function storeFindings(client: RelyingParty, profile: Profile): readonly Finding[] {
  const failures = client.truststores.flatMap(({ name, store }) =>
    store.ok ? [] : [unreadableFinding(name, store.error, profile)],
  );
  if (failures.length > 0) return failures;
  const blind = client.truststores.flatMap((named) =>
    named.store.ok ? blindFindings(named, named.store.value, profile) : [],
  );
  const anchors = anchorsOnce(client.truststores, profile.storeFamily);
  return anchors.length === 0
    ? blind
    : blind.map((finding) => ({ ...finding, severity: "warning" }));
}

function unreadableFinding(name: string, error: StoreError, profile: Profile): Finding {
  // the message begins with the file, which is the store's name where there is no estate
  const named = error.message.startsWith(name) ? "" : ` ${name}:`;
  return makeFinding(CODES[error.code] ?? "truststore.unreadable", {
    severity: "critical",
    summary: `Cannot read the truststore${named} ${error.message}`,
    remedy:
      error.remedy.length === 0
        ? ["Check path, permissions, format and password of the file"]
        : error.remedy,
    truststore: name,
    clientMessage: profile.storeFamily === "java" ? error.javaMessage : null,
  });
}

/** A store whose certificates this client does not see as anchors. */
function blindFindings(
  named: NamedTruststore,
  store: Truststore,
  profile: Profile,
): readonly Finding[] {
  const { anchors, ignored } = anchorsFor(store, profile.storeFamily);
  if (anchors.length > 0 || ignored.length === 0) return [];
  const { name } = named;
  const facts = storeFacts(named, store);
  const path = shellWord(facts.path ?? name);
  const [first] = ignored;
  const why = first === undefined ? "" : `: ${IGNORED_WORDS[first.reason]}`;
  return [
    makeFinding("truststore.no-java-anchors", {
      severity: "critical",
      summary: `${name} holds ${counted(ignored.length, "certificate")}, but ${profile.title} sees no trust anchor in it${why}`,
      remedy: [
        `anchorwatch store list ${path}`,
        "Write the certificates into a new store with keytool, which marks them as trusted",
        "keytool -importcert -alias ca -file ca.cer -keystore new-trust.p12 -storetype PKCS12",
        "Point the client to the new store and restart it",
      ],
      truststore: name,
      clientMessage:
        profile.storeFamily === "java"
          ? "java.security.InvalidAlgorithmParameterException: the trustAnchors parameter must be non-empty"
          : null,
    }),
  ];
}
