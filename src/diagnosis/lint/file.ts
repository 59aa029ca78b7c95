import { FORMAT_NAMES } from "../../truststore/store-format.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { counted, shellWord } from "../words.ts";
import { expectedFormats } from "./file-names.ts";
import { isKeystore, type LintContext, storeArguments, storeName } from "./context.ts";

/** What is wrong with the file as a whole: keys, name, password, integrity, readability for Java. */
export function fileFindings(context: LintContext): readonly Finding[] {
  return [
    integrityWrong(context),
    unreadableForJava(context),
    unreadableEntries(context),
    privateKeys(context),
    misnamed(context),
    knownPassword(context),
    noIntegrity(context),
  ].filter((finding) => finding !== null);
}

function integrityWrong(context: LintContext): Finding | null {
  const { file } = context;
  if (file.integrity !== "wrong") return null;
  return makeFinding("truststore.wrong-password", {
    severity: "critical",
    summary: `${storeName(context)}: ${file.message ?? "The password does not fit, or the file was changed"}`,
    remedy: ["Give the password with which the store was written", "Restore the file from a copy"],
    truststore: storeName(context),
    clientMessage: file.java.opens ? null : file.java.message,
  });
}

function unreadableForJava(context: LintContext): Finding | null {
  const { file } = context;
  if (file.java.opens || file.integrity === "wrong" || !isKeystore(file.format)) return null;
  if (!JAVA_FORMATS.has(file.format)) return null;
  return makeFinding("truststore.unreadable", {
    severity: "critical",
    summary: `Java does not open ${storeName(context)}: ${file.java.message}`,
    remedy: [
      `anchorwatch store convert ${storeArguments(context)} --to pkcs12 --out new-trust.p12 --out-password prompt`,
    ],
    truststore: storeName(context),
    clientMessage: file.java.message,
  });
}

/** Formats that Java opens without further providers. */
const JAVA_FORMATS: ReadonlySet<string> = new Set(["jks", "jceks", "pkcs12"]);

function unreadableEntries(context: LintContext): Finding | null {
  const { file } = context;
  const bad = file.entries.filter(({ certificate }) => !certificate.ok);
  if (bad.length === 0 || (JAVA_FORMATS.has(file.format) && !file.java.opens)) return null;
  return makeFinding("truststore.unreadable", {
    severity: "warning",
    summary: `${storeName(context)} holds ${counted(bad.length, "certificate")} that cannot be read`,
    remedy: ["Get the certificate from its owner anew; it was damaged or cut off"],
    truststore: storeName(context),
  });
}

function privateKeys(context: LintContext): Finding | null {
  const { file } = context;
  const { privateKeys: keys } = file.skipped;
  if (keys === 0) return null;
  const hasTrusted = file.entries.some(({ kind }) => kind.kind === "certificate");
  const isText = file.format === "pem";
  const certificates = file.entries.flatMap(({ certificate, kind }) =>
    kind.kind === "key" && certificate.ok ? [certificate.value] : [],
  );
  const held = counted(keys, "private key");
  return makeFinding("truststore.private-keys", {
    severity: "warning",
    summary:
      hasTrusted || isText
        ? `${storeName(context)} holds ${held} beside trusted certificates: whoever reads the truststore has the key${isText ? "" : ", and Java trusts the key's own certificate as an anchor"}`
        : `${storeName(context)} holds only ${held} and no trusted certificate: as a truststore it gives Java the first certificate of each chain, until that is renewed`,
    remedy: [
      `anchorwatch store convert ${storeArguments(context)} --to ${isText ? "pem" : "pkcs12"} --without-keys --out ${isText ? "trust.pem" : "trust.p12 --out-password prompt"}`,
      "Use the new store as truststore, and keep the old one as keystore, readable only by its service",
    ],
    certificates,
    truststore: storeName(context),
  });
}

function misnamed(context: LintContext): Finding | null {
  const { file } = context;
  if (file.path === null) return null;
  const expected = expectedFormats(file.path);
  if (expected === null || expected.formats.includes(file.format)) return null;
  return makeFinding("truststore.misnamed", {
    severity: "warning",
    summary: `${storeName(context)} is called ${expected.extension} and is ${FORMAT_NAMES[file.format]}: programs that go by the name, or by a configured type, do not open it`,
    remedy: [
      `Rename the file, or set the type to ${FORMAT_NAMES[file.format]} wherever it is configured`,
    ],
    truststore: storeName(context),
  });
}

function knownPassword(context: LintContext): Finding | null {
  if (!context.opensWithKnownPassword) return null;
  return makeFinding("truststore.default-password", {
    severity: "warning",
    summary: `${storeName(context)} opens with a password that everybody knows: its integrity protects against accidents only`,
    remedy: [
      JAVA_FORMATS.has(context.file.format)
        ? `keytool -storepasswd -keystore ${shellWord(context.file.path ?? "FILE")}`
        : "Give the store a password of its own with the tool of its format",
      "Write the new password into the configuration of every client that uses the store, and restart them",
    ],
    truststore: storeName(context),
  });
}

function noIntegrity(context: LintContext): Finding | null {
  const { file } = context;
  const format: string = file.format;
  const isShort = format === "bks" && (file.flavour.version ?? 2) < 2;
  if (!isShort && (format !== "pkcs12" || file.flavour.mac !== null)) return null;
  return makeFinding("truststore.no-integrity", {
    severity: "info",
    summary: isShort
      ? `${storeName(context)} is BKS version 1, whose MAC of 16 bits anybody can forge`
      : `${storeName(context)} has no MAC: nothing shows whether a certificate was added or exchanged`,
    remedy: [
      "Let only administrators write the file",
      `or: anchorwatch store convert ${storeArguments(context)} --to pkcs12 --out new-trust.p12 --out-password prompt`,
    ],
    truststore: storeName(context),
  });
}
