import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import t from "tap";
import { parseCrl } from "../../src/x509/crl.ts";
import { valueOf } from "../../src/x509/extensions.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import { issue, NOW, revocationList } from "../trust/revocation/authority.ts";
import { requireTool } from "../tools.ts";
import { bytes } from "./encodings.ts";

const CONFIGURATION = `
[ca]
default_ca = authority
[authority]
database = DIR/index.txt
crlnumber = DIR/number
default_md = sha256
default_crl_days = 7
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical, @scope
[scope]
fullname = URI:http://lists.example/ca.crl
onlyuser = TRUE
[req]
distinguished_name = dn
prompt = no
x509_extensions = root
[dn]
CN = Lists
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`;

t.test("parseCrl() reads what openssl ca -gencrl writes", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const folder = t.testdir({ number: "0a01\n" });
  const file = (name: string): string => join(folder, name);
  writeFileSync(file("ca.cnf"), CONFIGURATION.replaceAll("DIR", folder));
  const index = [
    ["R", "290101000000Z", "260301120000Z,keyCompromise", "0123", "unknown", "/CN=one"],
    ["R", "290101000000Z", "260302120000Z,keyTime,20260101000000Z", "F00D", "unknown", "/CN=two"],
    ["V", "290101000000Z", "", "0456", "unknown", "/CN=three"],
    ["R", "290101000000Z", "260303120000Z", "7777", "unknown", "/CN=four"],
  ];
  writeFileSync(file("index.txt"), `${index.map((row) => row.join("\t")).join("\n")}\n`);
  const run = (args: readonly string[]): void => {
    execFileSync(openssl, args, { stdio: "ignore" });
  };
  run([
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-config",
    file("ca.cnf"),
    "-keyout",
    file("key.pem"),
    "-out",
    file("ca.pem"),
  ]);
  run([
    "ca",
    "-gencrl",
    "-config",
    file("ca.cnf"),
    "-keyfile",
    file("key.pem"),
    "-cert",
    file("ca.pem"),
    "-out",
    file("list.pem"),
  ]);
  const blocks = readPemBlocks(execFileSync(openssl, ["crl", "-in", file("list.pem")]).toString());
  const parsed = parseCrl((blocks.ok ? blocks.value[0]?.der : undefined) ?? new Uint8Array());
  if (!parsed.ok) return t.fail(parsed.error.message);
  const list = parsed.value;
  t.equal(list.version, 2);
  t.equal(list.issuer.text, "CN=Lists");
  t.equal(valueOf(list.number), 0x0a01n);
  t.equal((list.nextUpdate ?? 0) - list.thisUpdate, 7 * 86_400_000);
  t.match(valueOf(list.scope), {
    onlyUserCertificates: true,
    onlyCaCertificates: false,
    indirect: false,
  });
  t.equal(list.size, 3);
  const entries = [...list.entries()].toSorted((a, b) => a.revokedAt - b.revokedAt);
  t.same(
    entries.map((entry) => [
      entry.serialNumber,
      new Date(entry.revokedAt).toISOString(),
      valueOf(entry.reason),
      valueOf(entry.invalidSince),
    ]),
    [
      ["0123", "2026-03-01T12:00:00.000Z", "keyCompromise", undefined],
      ["00f00d", "2026-03-02T12:00:00.000Z", "keyCompromise", Date.UTC(2026, 0, 1)],
      ["7777", "2026-03-03T12:00:00.000Z", undefined, undefined],
    ],
  );
  t.equal(list.find("00f00d").length, 1);
  t.equal(list.find("0456").length, 0);
  t.equal(list.find("").length, 0);
  t.equal(list.find("7").length, 0, "half an octet");
  return undefined;
});

const authority = issue({ subject: "Lists", serial: 1, isCa: true });

t.test("parseCrl() answers every truncation with a typed error", async (t) => {
  const der = revocationList({ signer: authority, entries: [{ serial: bytes("55"), reason: 1 }] });
  t.equal(parseCrl(der).ok, true);
  for (let length = 0; length < der.length; length++)
    if (parseCrl(der.subarray(0, length)).ok) return t.fail(`accepted at ${length} octets`);
  t.equal(parseCrl(Uint8Array.from([...der, 0])).ok, false, "octets behind it");
  return undefined;
});

t.test(
  "RevocationList.find() finds each of 100,000 entries, and entries with one serial number",
  async (t) => {
    const serial = (number: number): Uint8Array =>
      bytes(`01${(number * 7).toString(16).padStart(8, "0")}`);
    const entries = Array.from({ length: 100_000 }, (_, number) => ({ serial: serial(number) }));
    const parsed = parseCrl(revocationList({ signer: authority, entries }));
    if (!parsed.ok) return t.fail(parsed.error.message);
    const list = parsed.value;
    t.equal(list.size, 100_000);
    let found = 0;
    for (let number = 0; number < 100_000; number += 97)
      found += list.find(Buffer.from(serial(number)).toString("hex")).length;
    t.equal(found, Math.ceil(100_000 / 97));
    t.equal(list.find("0100000001").length, 0);
    return undefined;
  },
);

t.test("RevocationList.find() survives a list of one serial number many times", async (t) => {
  const entries = Array.from({ length: 5000 }, (_, number) => ({
    serial: bytes("55"),
    at: NOW - number * 1000,
  }));
  const parsed = parseCrl(revocationList({ signer: authority, entries }));
  if (!parsed.ok) return t.fail(parsed.error.message);
  const found = parsed.value.find("55");
  t.equal(found.length, 5000);
  t.equal(found[0]?.revokedAt, NOW - 4_999_000, "the earliest revocation first");
  t.same(parsed.value.find("66"), []);
  return undefined;
});
