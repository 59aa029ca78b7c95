import { heldCertificates } from "../../truststore/compare-stores.ts";
import type { InvisibleReason, StoreEntry } from "../../truststore/truststore.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { IGNORED_WORDS } from "../visibility-words.ts";
import { counted, shellWord } from "../words.ts";
import {
  entryTitle,
  isJavaFormat,
  isKeystore,
  type LintContext,
  removalStep,
  storeName,
  titles,
} from "./context.ts";

/** Entries that hide, repeat or are lost behind one another, and what Java does not see. */
export function entryFindings(context: LintContext): readonly Finding[] {
  return [
    ...emptyFinding(context),
    ...overwrittenFindings(context),
    ...invisibleFindings(context),
    ...unmarkedFindings(context),
    ...duplicateFindings(context),
  ];
}

function emptyFinding(context: LintContext): readonly Finding[] {
  if (context.file.entries.length > 0 || context.file.skipped.privateKeys > 0) return [];
  return [
    makeFinding("truststore.no-anchors", {
      severity: "critical",
      summary: `${storeName(context)} holds no certificate: a client that uses it trusts nobody`,
      remedy: [
        "Check that this is the file that was meant",
        "Get the CA certificates from their owners, compare their SHA-256 fingerprints with the owners, and write a new store",
        "anchorwatch store convert ca.cer --to pkcs12 --out new-trust.p12 --out-password prompt",
      ],
      truststore: storeName(context),
    }),
  ];
}

function javaReason({ visibleToJava }: StoreEntry): InvisibleReason | null {
  return visibleToJava.visible ? null : visibleToJava.reason;
}

function overwrittenFindings(context: LintContext): readonly Finding[] {
  return context.file.entries
    .filter((entry) => javaReason(entry) === "alias-overwritten")
    .map((entry) =>
      makeFinding("truststore.alias-overwritten", {
        severity: "warning",
        summary: `The certificate #${entry.index + 1} in ${storeName(context)} is lost behind a later one with the same alias ${entryTitle(entry)}: Java and keytool see the last one only`,
        remedy: [
          `anchorwatch store extract ${shellWord(context.file.path ?? "FILE")} '#${entry.index + 1}'${isKeystore(context.file.format) ? " --password prompt" : ""} --out lost.pem`,
          "Add it under another alias where it is still wanted",
        ],
        certificates: entry.certificate.ok ? [entry.certificate.value] : [],
        truststore: storeName(context),
        alias: entry.alias,
      }),
    );
}

/** Reasons that are told elsewhere, or that are no fault: only the first certificate of a key's chain ever counts. */
const TOLD_ELSEWHERE: ReadonlySet<InvisibleReason> = new Set([
  "alias-overwritten",
  "not-first-in-key-chain",
  "certificate-unreadable",
]);

function invisibleFindings(context: LintContext): readonly Finding[] {
  const { file } = context;
  if (!isJavaFormat(file.format) || file.entries.length === 0) return [];
  const groups = Map.groupBy(file.entries, javaReason);
  const none = !groups.has(null);
  return [...groups].flatMap(([reason, entries]) => {
    if (reason === null || TOLD_ELSEWHERE.has(reason)) return [];
    return [
      makeFinding(none ? "truststore.no-java-anchors" : "truststore.entry-invisible", {
        severity: none ? "critical" : "warning",
        summary: none
          ? `${storeName(context)} holds ${counted(entries.length, "certificate")}, but Java sees no trust anchor in it: ${IGNORED_WORDS[reason]}`
          : `Java does not see ${titles(entries)} in ${storeName(context)} as ${entries.length === 1 ? "an anchor" : "anchors"}: ${IGNORED_WORDS[reason]}`,
        remedy: [
          reason === "encrypted-no-password"
            ? "Configure the client with the password of the store"
            : `anchorwatch store convert ${shellWord(file.path ?? "FILE")} --password prompt --to pkcs12 --out new-trust.p12 --out-password prompt`,
          "Point the client to the new store and restart it",
        ],
        certificates: entries.flatMap(({ certificate }) =>
          certificate.ok ? [certificate.value] : [],
        ),
        truststore: storeName(context),
        alias: entries.length === 1 ? (entries[0]?.alias ?? null) : null,
        clientMessage: none
          ? "java.security.InvalidAlgorithmParameterException: the trustAnchors parameter must be non-empty"
          : null,
      }),
    ];
  });
}

/** Entries of a key database of IBM that lack its mark of trust. */
function unmarkedFindings(context: LintContext): readonly Finding[] {
  if (context.file.format !== "cms-kdb") return [];
  const unmarked = context.file.entries.filter(
    ({ visibleTo: { gskit } }) => !gskit.visible && gskit.reason === "not-flagged-trusted",
  );
  if (unmarked.length === 0) return [];
  return [
    makeFinding("truststore.entry-invisible", {
      severity: "warning",
      summary: `${titles(unmarked)} in ${storeName(context)} ${unmarked.length === 1 ? "lacks" : "lack"} the mark of trust: no client of the key database takes ${unmarked.length === 1 ? "it" : "them"} as an anchor`,
      remedy: [
        "Compare the SHA-256 fingerprint with the owner of the CA",
        `gskcapicmd -cert -modify -db ${shellWord(context.file.path ?? "FILE")} -stashed -label LABEL -trust enable`,
      ],
      certificates: unmarked.flatMap(({ certificate }) =>
        certificate.ok ? [certificate.value] : [],
      ),
      truststore: storeName(context),
      alias: unmarked.length === 1 ? (unmarked[0]?.alias ?? null) : null,
    }),
  ];
}

function duplicateFindings(context: LintContext): readonly Finding[] {
  const groups = Map.groupBy(
    context.file.entries.filter(({ kind }) => kind.kind === "certificate"),
    ({ sha256 }) => sha256,
  );
  return [...heldCertificates(context.file.entries).values()].flatMap(({ sha256, entry }) => {
    const entries = groups.get(sha256) ?? [];
    if (entries.length < 2) return [];
    const spare = entries.slice(1);
    return [
      makeFinding("truststore.duplicate-entry", {
        severity: "info",
        summary: `${storeName(context)} holds the same certificate ${entries.length} times: ${titles(entries)}`,
        remedy: spare.slice(0, 10).map((each) => removalStep(context, { ...each, alias: null })),
        certificates: entry.certificate.ok ? [entry.certificate.value] : [],
        truststore: storeName(context),
        alias: entry.alias,
      }),
    ];
  });
}
