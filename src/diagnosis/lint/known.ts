import type { Finding, Severity } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import {
  entryWithName,
  type LintContext,
  readableEntries,
  removalStep,
  storeName,
} from "./context.ts";
import { knownByName, knownCertificate, type Notoriety } from "./known-certificates.ts";

const SEVERITIES: Readonly<Record<Notoriety, Severity>> = {
  "key-published": "critical",
  blocked: "critical",
  interception: "warning",
  "vendor-default": "warning",
  sample: "warning",
};

const CONSEQUENCES: Readonly<Record<Notoriety, string>> = {
  "key-published": "its private key is published, so anybody can pose as any server",
  blocked: "Java refuses every path with it, other clients trust it",
  interception: "whoever has its key can read this client's connections",
  "vendor-default": "it is meant to be replaced before production",
  sample: "it does not belong into a store in production",
};

/** Certificates that everybody knows: with published keys, blocked, of vendors' installers, of samples and tests. */
export function knownFindings(context: LintContext): readonly Finding[] {
  return readableEntries(context.file).flatMap((item) => {
    const name = item.entry.alias ?? (context.file.path ?? "").replace(/^.*[\\/]/, "");
    const known = knownCertificate(item.certificate) ?? knownByName(name);
    if (known === null) return [];
    const { entry, certificate } = item;
    return [
      makeFinding("truststore.known-certificate", {
        severity: SEVERITIES[known.notoriety],
        summary: `${entryWithName(item)} in ${storeName(context)} is ${known.what}: ${CONSEQUENCES[known.notoriety]}`,
        remedy: [
          ...(known.notoriety === "vendor-default" || known.notoriety === "sample"
            ? [
                "Let the servers that use it get certificates of your own CA, and add that CA after comparing its SHA-256 fingerprint with the owner",
              ]
            : []),
          entry.kind.kind === "certificate"
            ? removalStep(context, entry)
            : "Replace the private key that it belongs to",
        ],
        certificates: [certificate],
        truststore: storeName(context),
        alias: entry.alias,
      }),
    ];
  });
}
