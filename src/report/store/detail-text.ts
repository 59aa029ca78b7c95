import { dateText, printable } from "../../diagnosis/words.ts";
import type { StoreEntry, StoreFile } from "../../truststore/truststore.ts";
import { cutTo, SCREEN_WIDTH } from "../columns.ts";
import { keyText } from "../key-text.ts";
import { onScreen } from "../on-screen.ts";
import type { Paint } from "../paint.ts";
import { wrap } from "../wrap.ts";
import { anchorWords } from "./anchor-words.ts";
import { type SignedBy, storeDetail } from "./detail.ts";
import { pairs } from "./extension-text.ts";
import { titleOf, validity } from "./list-text.ts";

const LABEL = 12;
const INDENT = "   ";

/** How a detail is asked for. */
export interface DetailOptions {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether the certificate itself follows in PEM. */
  readonly pem: boolean;
  readonly paint: Paint;
}

/** Everything about one certificate of a store, for people; 80 columns wide. */
export function detailText(
  file: StoreFile,
  entry: StoreEntry,
  { at, pem, paint }: DetailOptions,
): string {
  const detail = storeDetail(file, entry, at);
  const line = (label: string, text: string): readonly string[] => {
    const [first = "", ...rest] = wrap(
      onScreen(text),
      " ".repeat(INDENT.length + LABEL),
      SCREEN_WIDTH,
    );
    return [`${INDENT}${paint("dim", label.padEnd(LABEL))}${first.trimStart()}`, ...rest];
  };
  const bytes = (label: string, digits: string): readonly string[] =>
    line(label, (pairs(digits).match(/.{1,60}/g) ?? [""]).join(" "));
  const { certificate } = entry;
  const { certificate: facts } = detail;
  const lines = [
    paint("bold", cutTo(titleOf(entry), SCREEN_WIDTH)),
    ...(file.path === null ? [] : line("store", file.path)),
    ...line(
      "kind",
      entry.kind.kind === "certificate"
        ? "trusted certificate"
        : `private key's chain, certificate ${entry.kind.position + 1}`,
    ),
    ...(entry.date === null ? [] : line("entered", dateText(entry.date))),
    ...(certificate.ok && facts !== null
      ? [
          ...line("subject", nameText(certificate.value.subject.text)),
          ...line("issuer", nameText(certificate.value.issuer.text)),
          ...line("signed by", signerText(facts.signedBy)),
          ...bytes("serial", certificate.value.serialNumber),
          ...line("valid from", dateText(certificate.value.notBefore)),
          ...line("valid to", dateText(certificate.value.notAfter)),
          `${INDENT}${paint("dim", "expires".padEnd(LABEL))}${validity(certificate.value.notBefore, certificate.value.notAfter, at, paint)}`,
          ...line("key", keyText(facts.key)),
          ...line("signature", facts.signatureAlgorithm ?? "an algorithm that is not known"),
          ...line("version", String(facts.version)),
        ]
      : line("unreadable", `✗ ${detail.unreadable ?? ""}`)),
    ...bytes("SHA-256", entry.sha256),
    ...bytes("SHA-1", detail.sha1),
    ...(facts === null ? [] : bytes("key SHA-256", facts.key.sha256)),
    ...anchorWords(entry).flatMap((words, index) => line(index === 0 ? "anchor" : "", words)),
    ...(detail.duplicateOf === null ? [] : line("same as", `#${detail.duplicateOf + 1}`)),
    ...(facts === null || facts.extensions.length === 0
      ? []
      : [
          `${INDENT}${paint("dim", "extensions")}`,
          ...facts.extensions.flatMap(({ name, critical, value }) => [
            `${INDENT}  ${name}${critical ? " (critical)" : ""}`,
            ...wrap(onScreen(value), `${INDENT}    `, SCREEN_WIDTH),
          ]),
        ]),
    ...(pem ? ["", detail.pem.trimEnd()] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function nameText(name: string): string {
  return name === "" ? "(empty name)" : printable(name);
}

function signerText(signer: SignedBy): string {
  switch (signer.kind) {
    case "itself":
      return "itself";
    case "entry":
      return `${titleOf(signer)} of this store`;
    case "other-key":
      return "none of the keys that this store holds under the issuer's name";
    case "not-in-store":
      return "a CA that is not in this store";
  }
}
