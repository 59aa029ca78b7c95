import t from "tap";
import { certificateCompression } from "../../src/probe/tls/certificate-compression.ts";
import { CIPHER_SUITES_13 } from "../../src/probe/tls/cipher-suites-13.ts";
import { GROUPS } from "../../src/probe/tls/groups.ts";
import { HandshakeJson } from "../../src/probe/handshake-json.ts";
import { LIMITS } from "../../src/probe/tls/limits.ts";
import { RUNTIME } from "../../src/probe/tls/runtime-support.ts";
import { SIGNATURE_SCHEMES } from "../../src/probe/tls/signature-schemes.ts";
import { readPage, section, tableRows } from "./markdown.ts";

const page = readPage("docs/handshakes.md");

const quoted = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([\w-]+)`/g)].map(([, word = ""]) => word);

t.test("docs/handshakes.md lists what TLS 1.3 is completed with", async (t) => {
  const cells = new Map(
    tableRows(section(page, "TLS 1.3")).map(([part = "", what = ""]) => [part, what]),
  );
  const listed = (...parts: readonly string[]): readonly string[] =>
    parts.flatMap((part) => quoted(cells.get(part) ?? "")).toSorted();
  const names = (list: readonly { readonly name: string }[]): readonly string[] =>
    list.map(({ name }) => name).toSorted();
  t.same(listed("cipher suites"), names(CIPHER_SUITES_13));
  const compressions = [1, 2, 3].flatMap((code) => certificateCompression(code) ?? []);
  t.same(listed("compressed certificates"), names(compressions));
  if (!RUNTIME.mlKem || !RUNTIME.mlDsa) {
    t.comment("this runtime lacks post-quantum algorithms");
    return;
  }
  t.same(
    listed("elliptic curves", "finite fields", "post-quantum hybrids"),
    names(GROUPS.filter(({ versions }) => versions !== "before-tls13")),
  );
  t.same(listed("signatures"), names(SIGNATURE_SCHEMES.filter(({ tls13 }) => tls13)));
});

t.test("docs/handshakes.md tells the bounds that hold", async (t) => {
  const bounds = tableRows(section(page, "Bounds")).map(([, most]) => Number(most));
  t.same(
    bounds.filter((most) => !Number.isNaN(most)),
    [
      LIMITS.totalBytes,
      LIMITS.messageLength,
      LIMITS.records,
      LIMITS.messages,
      LIMITS.certificates,
      LIMITS.warnings,
      LIMITS.emptyRecords,
      LIMITS.tickets,
      LIMITS.keyUpdates,
    ],
  );
});

t.test("docs/handshakes.md names fields that a saved handshake has", async (t) => {
  const fields = new Set(Object.keys(HandshakeJson.shape));
  for (const [names = ""] of tableRows(section(page, "The record")))
    for (const name of quoted(names)) t.ok(fields.has(name), name);
});
