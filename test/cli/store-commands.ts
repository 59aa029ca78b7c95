import { X509Certificate } from "node:crypto";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import {
  STORE_DIFF_LINE_SCHEMA,
  STORE_DIFF_SCHEMA,
  STORE_LINT_LINE_SCHEMA,
  STORE_LINT_SCHEMA,
  STORE_SHOW_SCHEMA,
} from "../../src/report/store/schemas.ts";
import { linesOf } from "./command.ts";
import { readAs } from "./records.ts";
import { AT, fits, openFolder, PASSWORD, people, RIGHT, store } from "./store-folder.ts";

t.test("store list prints the same words as ever", async (t) => {
  const folder = await openFolder(t);
  const listed = await store(folder, "list", "trust.p12", ...RIGHT, ...AT);
  t.equal(listed.code, 0);
  fits(t, listed);
  t.equal(
    listed.stdout.replaceAll(/[0-9a-f]{64}/g, "<sha256>"),
    `trust.p12  PKCS#12
  PBES2 AES-256-CBC with PBKDF2-HMAC-SHA-256 (10000 iterations), MAC
  HMAC-SHA-256 (10000 iterations)
2 certificates, all trust anchors for Java; integrity verified
next to expire: #1 corp-root, in 300 days (2027-09-17)

#1 corp-root
   subject   CN=Corp Root, O=Corp
   expires   2027-09-17 [###############-----] 75 % left, 300 days
   SHA-256   <sha256>
   kind      trusted certificate
   anchor    for all clients

#2 other-root
   subject   CN=Other Root with a name that is so long that no line of a termin…
   expires   2029-08-17 [##################--] 90 % left, 1000 days
   SHA-256   <sha256>
   kind      trusted certificate
   anchor    for all clients
`,
  );
  const keys = await store(folder, "list", "key.jks", "openssl.p12", ...RIGHT, ...AT);
  fits(t, keys);
  t.match(keys.stdout, "kind      private key's chain, certificate 2");
  t.match(keys.stdout, "same as   #2");
  t.match(
    keys.stdout,
    `   anchor    for OpenSSL, Go, Node.js, GSKit, .NET and NSS
             not for Java: it lacks the trustedKeyUsage attribute that keytool
             -importcert sets
`,
  );
  const sorted = await store(folder, "list", "trust.jks", "--sort", "expiry", "--at", "2028-01-01");
  t.match(sorted.stdout, /✗ 1 of them has expired\n/);
  t.match(sorted.stdout, /2027-09-17 \[-{20}\] ✗ expired 105 days ago/);
});

t.test("store show prints everything about a certificate", async (t) => {
  const folder = await openFolder(t);
  const { root } = await people();
  const { fingerprint, serialNumber } = new X509Certificate(root.der);
  const text = await store(folder, "show", "trust.p12", "CORP-ROOT", ...RIGHT, ...AT, "--pem");
  t.equal(text.code, 0);
  fits(t, text);
  t.match(text.stdout, /^#1 corp-root\n {3}store {7}trust\.p12\n/);
  t.match(text.stdout, "   signed by   itself\n");
  t.match(text.stdout, `   serial      ${serialNumber.match(/../g)?.join(":")}\n`);
  t.match(text.stdout, "   key         EC secp256r1 256 bits\n");
  t.match(text.stdout, "   signature   SHA256withECDSA\n");
  t.match(text.stdout, `   SHA-1       ${fingerprint}\n`);
  t.match(text.stdout, "     basicConstraints (critical)\n       CA\n");
  t.match(text.stdout, "     keyUsage (critical)\n       keyCertSign, cRLSign\n");
  t.ok(text.stdout.endsWith("-----END CERTIFICATE-----\n"));
  const json = await store(folder, "show", "key.jks", "own", ...RIGHT, "--format", "json");
  t.match(readAs(t, STORE_SHOW_SCHEMA, json.stdout), [
    {
      kind: "key",
      chainPosition: 0,
      certificate: { signedBy: { kind: "entry", index: 1 }, key: { type: "ec", bits: 256 } },
    },
    { kind: "key", chainPosition: 1, certificate: { signedBy: { kind: "itself" } } },
  ]);
  const missing = await store(folder, "show", "trust.p12", "nobody", ...RIGHT);
  t.equal(missing.code, 3);
  t.match(missing.stderr, "trust.p12: No entry is called 'nobody'");
});

t.test("store diff tells same, renewed and missing, in every format", async (t) => {
  const folder = await openFolder(t);
  const pair = ["trust.jks", "trust.p12", ...RIGHT];
  const same = await store(folder, "diff", ...pair);
  t.equal(same.code, 0);
  t.match(same.stdout, "2 unchanged\n");
  const changed = ["bundle.pem", "renewed.pem"];
  const [text, json, ndjson, nagios, junit, markdown] = await Promise.all(
    ["text", "json", "ndjson", "nagios", "junit", "markdown"].map((format) =>
      store(folder, "diff", ...changed, "--format", format),
    ),
  );
  for (const each of [text, json, ndjson, nagios, junit, markdown]) t.equal(each?.code, 1);
  if (text !== undefined) fits(t, text);
  t.match(text?.stdout, "1 removed, 1 re-issued, 0 unchanged\n");
  t.match(text?.stdout, "~ Corp Root\n  Re-issued: same name and key in a new certificate");
  t.match(readAs(t, STORE_DIFF_SCHEMA, json?.stdout ?? ""), {
    changes: [{ change: "removed" }, { change: "reissued" }],
    unchanged: 0,
    exitCode: 1,
  });
  t.equal(
    linesOf(ndjson?.stdout ?? "").map((line) => readAs(t, STORE_DIFF_LINE_SCHEMA, line)).length,
    2,
  );
  t.match(
    nagios?.stdout,
    /^STORE WARNING - Other Root .*: Removed \| stores=1 critical=0 warning=2/,
  );
  t.match(junit?.stdout, '<testcase classname="bundle.pem -&gt; renewed.pem" name="store diff"');
  t.match(markdown?.stdout, /^\| ! warning \| bundle\.pem -\\> renewed\.pem \|/m);
  const unreadable = await store(folder, "diff", "bundle.pem", "none.pem");
  t.equal(unreadable.code, 3);
  t.match(unreadable.stderr, "none.pem: File not found");
  const two = await store(
    folder,
    "diff",
    "known.jks",
    "trust.p12",
    "--other-password",
    "env:STORE_PW",
  );
  t.equal(two.code, 0, "each store has a password of its own");
});

t.test("store lint says what to change, in every format", async (t) => {
  const folder = await openFolder(t);
  const files = ["known.jks", "openssl.p12", "key.jks", "none.p12", "trust.p12"];
  const [text, json, ndjson, nagios, junit, markdown] = await Promise.all(
    ["text", "json", "ndjson", "nagios", "junit", "markdown"].map((format) =>
      store(
        folder,
        "lint",
        ...files,
        ...AT,
        "--format",
        format,
        ...(format === "text" ? RIGHT : []),
      ),
    ),
  );
  t.equal(text?.code, 2);
  for (const each of [json, ndjson, nagios, junit, markdown]) t.equal(each?.code, 3);
  if (text !== undefined) fits(t, text);
  t.match(text?.stdout, "trust.p12  ✓ nothing to say\n");
  t.match(text?.stdout, "key.jks  1 warning\n\n! warning  truststore.private-keys\n");
  t.match(text?.stdout, "✗ critical  truststore.no-java-anchors\n");
  t.notMatch(text?.stdout, PASSWORD);
  const document = readAs(t, STORE_LINT_SCHEMA, json?.stdout ?? "");
  t.same(
    document?.results.map(({ path, findings }) => [path, findings.map(({ code }) => code)]),
    [
      ["known.jks", ["truststore.default-password"]],
      ["openssl.p12", ["truststore.wrong-password"]],
      ["key.jks", ["truststore.private-keys"]],
      ["none.p12", ["truststore.not-found"]],
      ["trust.p12", ["truststore.wrong-password"]],
    ],
  );
  t.notMatch(json?.stdout, "changeit", "which password fits is not told");
  t.equal(
    linesOf(ndjson?.stdout ?? "").map((line) => readAs(t, STORE_LINT_LINE_SCHEMA, line)).length,
    5,
  );
  t.match(nagios?.stdout, /^STORE UNKNOWN - .* \| stores=5 /);
  t.match(
    junit?.stdout,
    '<testsuite name="anchorwatch store lint" tests="5" failures="0" errors="3"',
  );
  t.match(markdown?.stdout, /^\| \? not checked \| none\.p12 \|/m);
});

t.test("store reads directories as one store", async (t) => {
  const folder = await openFolder(t);
  const certificates = join(folder, "certificates");
  mkdirSync(certificates);
  for (const name of ["root.pem", "renewed.pem", "leaf.pem"])
    copyFileSync(join(folder, name), join(certificates, name));
  const listed = await store(folder, "list", "certificates", ...AT);
  t.equal(listed.code, 0);
  fits(t, listed);
  t.match(listed.stdout, "certificates  PEM\n  directory of 3 files\n3 certificates");
  t.match(listed.stdout, "#3 root.pem\n");
  const shown = await store(folder, "show", "certificates", "root.pem", "--format", "ndjson");
  t.match(JSON.parse(shown.stdout), { index: 2, alias: "root.pem" });
  const linted = await store(folder, "lint", "certificates", ...AT, "--format", "ndjson");
  t.equal(linted.code, 1);
  t.match(linted.stdout, '"code":"truststore.leaf-pinned"');
  const compared = await store(folder, "diff", "certificates", "root.pem");
  t.match(compared.stdout, "2 removed, 1 seen by others, 0 unchanged\n");
  const converted = await store(
    folder,
    "convert",
    "certificates",
    "--to",
    "jks",
    "--out-password",
    "env:STORE_PW",
  );
  t.equal(converted.code, 0);
  t.match(converted.stdout, "✓ certificates.new.jks\n");
  const within = await store(folder, "convert", "certificates", "--to", "pem", "--in-place");
  t.equal(within.code, 3);
});
