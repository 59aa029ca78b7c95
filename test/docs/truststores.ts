import t from "tap";
import {
  STORE_FAMILIES,
  type VisibilityFacts,
  visibilityByFamily,
} from "../../src/truststore/visibility.ts";
import { readPage, section, tableRows } from "./markdown.ts";

const page = readPage("docs/truststores.md");

const TRUSTED: VisibilityFacts = {
  format: "jks",
  isCertificate: true,
  keyPosition: null,
  javaReason: null,
  mark: null,
  label: null,
  layout: null,
  purposes: null,
};
const PEM: VisibilityFacts = {
  ...TRUSTED,
  format: "pem",
  label: "CERTIFICATE",
  layout: { openssl: true, go: true },
};
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

/** What each row of the table is about; rows of a private key stand for two formats. */
const ROWS: Readonly<Record<string, readonly VisibilityFacts[]>> = {
  "trusted certificate of a Java keystore": [TRUSTED],
  "JKS, JCEKS: alias with capital letters": [{ ...TRUSTED, javaReason: "alias-not-lower-case" }],
  "alias that a later entry has, too (PKCS#12: in any case)": [
    { ...TRUSTED, javaReason: "alias-overwritten" },
  ],
  "PKCS#12: without the attribute trustedKeyUsage": [
    { ...TRUSTED, format: "pkcs12", javaReason: "no-trusted-key-usage" },
  ],
  "PKCS#12: in a bag inside a bag": [
    { ...TRUSTED, format: "pkcs12", javaReason: "bag-type-ignored" },
  ],
  "own certificate of a private key": [
    { ...TRUSTED, keyPosition: 0 },
    { ...TRUSTED, format: "pkcs12", keyPosition: 0 },
  ],
  "rest of the chain of a private key": [
    { ...TRUSTED, keyPosition: 1, javaReason: "not-first-in-key-chain" },
    { ...TRUSTED, format: "pkcs12", keyPosition: 1, javaReason: "not-first-in-key-chain" },
  ],
  "PEM: `TRUSTED CERTIFICATE`, `X509 CERTIFICATE`": [{ ...PEM, label: "X509 CERTIFICATE" }],
  "PEM: `PKCS7`": [{ ...PEM, label: "PKCS7" }],
  "PEM: serverAuth rejected, or others trusted and it not": [
    { ...PEM, label: "TRUSTED CERTIFICATE", purposes: { trust: null, reject: [SERVER_AUTH] } },
  ],
  "PEM: BEGIN not at the start of a line, UTF-16, headers, all on one line": [
    { ...PEM, layout: { openssl: false, go: false } },
  ],
  "PEM: empty line inside a block": [{ ...PEM, layout: { openssl: false, go: true } }],
  "PEM: first block right behind a byte order mark": [
    { ...PEM, layout: { openssl: true, go: false } },
  ],
  "IBM key database: not flagged as trusted": [
    { ...TRUSTED, format: "cms-kdb", mark: "not-flagged-trusted" },
  ],
  "NSS: no `C` for servers, or `p`, or `P`": [{ ...TRUSTED, format: "nss", mark: "distrusted" }],
};

/** Rows about several files at once, which tests of the readers prove. */
const ELSEWHERE: readonly string[] = [
  "PEM: a block that is no certificate elsewhere in the file",
  "directory: file name is no hash",
];

t.test("docs/truststores.md states which client sees which entry", async (t) => {
  const rows = tableRows(section(page, "Who sees what"));
  t.same(
    rows.map(([first]) => first).filter((first) => !ELSEWHERE.includes(first ?? "")),
    Object.keys(ROWS),
    "rows",
  );
  for (const [entry = "", ...cells] of rows) {
    const facts = ROWS[entry];
    if (facts === undefined) continue;
    const expected = ["java", "openssl", "nodejs", "go", "dotnet", "gskit", "nss"] as const;
    t.equal(expected.length, STORE_FAMILIES.length);
    const seen = expected.map((family) => {
      const [first, second = first] = facts.map((each) => visibilityByFamily(each)[family].visible);
      return first === second ? (first === true ? "yes" : "no") : "PKCS#12 only";
    });
    const stated = cells.map((cell) => (/^(\*\*no\*\*|label not read)$/.test(cell) ? "no" : cell));
    t.same(stated, seen, entry);
  }
});
