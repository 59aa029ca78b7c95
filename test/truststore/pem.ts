import { readFileSync } from "node:fs";
import t from "tap";
import { readPem } from "../../src/truststore/read-pem.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import { writePem } from "../../src/x509/pem.ts";
import { at, publicRoots, requirePki, run, scratch } from "./material.ts";

const root = at(publicRoots, 0);
const second = at(publicRoots, 1);
const block = (der: Uint8Array, label = "CERTIFICATE"): string => writePem(label, der);

async function read(content: string | Uint8Array): Promise<StoreFile> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const result = await readPem(bytes, { password: null });
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

const ders = (file: StoreFile): readonly string[] =>
  file.entries.map(({ der }) => Buffer.from(der).toString("hex"));
const both = [root, second].map((der) => Buffer.from(der).toString("hex"));

t.test("readPem() reads the bundle of the system as openssl does", async (t) => {
  const made = requirePki(t);
  if (made === undefined) return;
  const path = "/etc/ssl/certs/ca-certificates.crt";
  let bundle: Uint8Array;
  try {
    bundle = readFileSync(path);
  } catch {
    t.plan(0, `${path} is not on this machine`);
    return;
  }
  const file = await read(bundle);
  const p7 = run(made.openssl, ["crl2pkcs7", "-nocrl", "-certfile", path]);
  const listed = run(made.openssl, ["pkcs7", "-print_certs", "-outform", "PEM"], p7);
  t.equal(file.entries.length, listed.split("-----BEGIN CERTIFICATE-----").length - 1);
  t.ok(file.entries.every(({ certificate }) => certificate.ok));
  t.same(file.anomalies, []);
});

const TEXT = `# first\n${block(root)}subject=x\n\n${block(second)}`;
const VARIANTS: readonly (readonly [what: string, content: string | Uint8Array])[] = [
  ["comments", TEXT],
  ["CRLF", TEXT.replaceAll("\n", "\r\n")],
  ["CR", TEXT.replaceAll("\n", "\r")],
  ["a UTF-8 byte order mark", `\ufeff${TEXT}`],
  ["no final newline", TEXT.trimEnd()],
  ["indentation", TEXT.replaceAll("\n", "\n    ")],
  [
    "the older label",
    TEXT.replaceAll("CERTIFICATE-", "CERTIFICATE-")
      .replaceAll("N CERT", "N X509 CERT")
      .replaceAll("D CERT", "D X509 CERT"),
  ],
  ["one-line bodies", TEXT.replaceAll(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, "")],
  [
    "text in ISO 8859-1",
    Buffer.concat([Buffer.from("# Stra\xdfe\n", "latin1"), Buffer.from(TEXT)]),
  ],
  ["UTF-16LE", Buffer.from(`\ufeff${TEXT}`, "utf16le")],
  ["UTF-16BE", Buffer.from(`\ufeff${TEXT}`, "utf16le").swap16()],
  ["UTF-16LE without a mark", Buffer.from(TEXT, "utf16le")],
];
for (const [what, content] of VARIANTS)
  t.test(`readPem() reads certificates with ${what}`, async (t) => {
    const file = await read(content);
    t.same(ders(file), both);
    t.ok(
      file.entries.every(
        ({ certificate, kind, visibleToJava }) =>
          certificate.ok && kind.kind === "certificate" && visibleToJava.visible,
      ),
    );
    t.equal(
      file.anomalies.some(({ code }) => code === "not-utf8"),
      /UTF-16|ISO/.test(what),
    );
  });

t.test("readPem() counts keys, requests and revocation lists and reads none of them", async (t) => {
  const junk = Buffer.from("secret material");
  const file = await read(
    [
      block(junk, "PRIVATE KEY"),
      block(junk, "EC PRIVATE KEY"),
      block(junk, "ENCRYPTED PRIVATE KEY"),
      block(root),
      block(junk, "X509 CRL"),
      block(junk, "CERTIFICATE REQUEST"),
      block(junk, "DH PARAMETERS"),
    ].join(""),
  );
  t.same(file.skipped, {
    privateKeys: 3,
    secretKeys: 0,
    revocationLists: 1,
    requests: 1,
    other: 1,
  });
  t.equal(file.entries.length, 1);
  t.match(
    file.anomalies.map(({ code }) => code),
    ["private-key-in-bundle", "private-key-in-bundle", "private-key-in-bundle"],
  );
  t.match(at(file.anomalies, 0).message, /^Line 1 begins a PRIVATE KEY: .* was not read$/);
  t.notMatch(JSON.stringify(file), /secret material/);
});

t.test(
  "readPem() reads the trust settings of TRUSTED CERTIFICATE as openssl writes them",
  async (t) => {
    const made = requirePki(t);
    if (made === undefined) return;
    const trusted = (...options: readonly string[]): string =>
      run(made.openssl, ["x509", "-in", made.pki.root, "-trustout", ...options]);
    const file = await read(
      [
        trusted("-addtrust", "serverAuth", "-addtrust", "emailProtection", "-setalias", "Näme"),
        trusted("-addreject", "serverAuth"),
        trusted(),
      ].join(""),
    );
    t.match(file.entries, [
      {
        alias: "Näme",
        opensslTrust: { trust: ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.4"], reject: [] },
      },
      { alias: null, opensslTrust: { trust: null, reject: ["1.3.6.1.5.5.7.3.1"] } },
      { opensslTrust: { trust: null, reject: [] } },
    ]);
    t.same(new Set(ders(file)), new Set([Buffer.from(made.pki.der[2]).toString("hex")]));
  },
);

t.test("readPem() reads a certificate whose trust settings are damaged", async (t) => {
  const file = await read(
    block(Buffer.concat([root, Buffer.from("3005", "hex")]), "TRUSTED CERTIFICATE"),
  );
  t.match(file, {
    entries: [{ opensslTrust: null }],
    anomalies: [{ code: "trust-appendix-unreadable" }],
  });
});

t.test("readPem() reads PKCS7 blocks", async (t) => {
  const made = requirePki(t);
  if (made === undefined) return;
  const path = scratch("chain.p7b.pem");
  run(made.openssl, ["crl2pkcs7", "-nocrl", "-certfile", made.pki.chain, "-out", path]);
  const file = await read(readFileSync(path));
  t.same(new Set(ders(file)), new Set(made.pki.der.map((der) => Buffer.from(der).toString("hex"))));
});

t.test("readPem() keeps blocks that are no certificates, and names them", async (t) => {
  const file = await read(block(Buffer.from("junk")) + block(root));
  t.notOk(at(file.entries, 0).certificate.ok);
  t.match(file.anomalies, [
    { code: "certificate-unreadable", message: /^Entry 0 is not a readable/ },
  ]);
});

for (const [what, content, expected] of [
  [
    "base64 that is broken",
    block(root).replace("MII", "M*I"),
    { code: "malformed", message: /CERTIFICATE block of line 1 is not valid base64: / },
  ],
  ["a block without end", `\n\n${block(root).slice(0, 200)}`, { code: "truncated", line: 3 }],
  [
    "another label at the end",
    block(root).replace("END CERT", "END TRUSTED CERT"),
    { code: "malformed", line: 1 },
  ],
  [
    "keys only",
    block(root, "PRIVATE KEY"),
    { code: "no-certificate", message: "The PEM file holds no certificate, only: PRIVATE KEY" },
  ],
  [
    "a PKCS7 block that is damaged",
    block(Buffer.from("3003020100", "hex"), "PKCS7"),
    { code: "malformed", line: 1, message: /^The PKCS7 block of line 1 is damaged/ },
  ],
  ["nothing", "", { code: "malformed" }],
] as const)
  t.test(`readPem() refuses ${what}`, async (t) => {
    t.match(await readPem(Buffer.from(content), { password: null }), {
      ok: false,
      error: { format: "pem", ...expected },
    });
  });

t.test("readPem() refuses more than 20000 blocks", async (t) => {
  const tiny = "-----BEGIN X-----\nAAAA\n-----END X-----\n";
  t.match(await readPem(Buffer.from(tiny.repeat(20_001)), { password: null }), {
    ok: false,
    error: { code: "too-many-entries" },
  });
});
