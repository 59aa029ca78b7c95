import { readFileSync } from "node:fs";
import { X509Certificate } from "node:crypto";
import t from "tap";
import { anchorwatch } from "./command.ts";
import { checkRecords, type CheckRecordRead } from "./records.ts";
import { issuePair, openLab } from "./servers.ts";

t.test("check takes names and times from its options", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const { ca, leaf } = await issuePair(lab);
  const first = await lab.issue({
    name: "first",
    keyType: "p256",
    issuer: ca,
    days: 400,
    altNames: "DNS:first.example.com",
  });
  const virtual = await lab.serve(leaf, [
    "-servername",
    "first.example.com",
    "-cert2",
    first.certificate,
    "-key2",
    first.key,
  ]);
  const there = `127.0.0.1:${virtual.port}`;

  const check = async (
    ...args: readonly string[]
  ): Promise<{ readonly code: number | null; readonly record: CheckRecordRead | undefined }> => {
    const { code, stdout, stderr } = await anchorwatch([
      "check",
      ...args,
      "--truststore",
      ca.certificate,
      "--format",
      "ndjson",
    ]);
    t.equal(stderr, "");
    return { code, record: checkRecords(t, stdout)[0] };
  };

  await t.test(
    "check --connect dials another address and keeps the name of the target",
    async (t) => {
      const { code, record } = await check("https://first.example.com:8443", "--connect", there);
      t.equal(code, 0);
      t.match(record, {
        target: "https://first.example.com:8443",
        address: "127.0.0.1",
        trusted: true,
        nameMatch: true,
        chain: [{ subject: "CN=first, O=Anchorwatch Lab" }],
      });
      const { code: other } = await check(`localhost:${virtual.port}`, "--connect", "127.0.0.1");
      t.equal(other, 0, "without a port it is the target's");
      const unresolvable = await check("localhost", "--connect", "nobody.invalid:1");
      t.equal(unresolvable.code, 3);
      t.match(unresolvable.record, { findings: [{ code: "topology.unresolvable" }] });
    },
  );

  await t.test("check --servername sends and checks another name", async (t) => {
    const own = await check(there);
    t.match(own.record?.chain, [{ subject: "CN=leaf, O=Anchorwatch Lab" }], "no name is sent");
    const { code, record } = await check(there, "--servername", "first.example.com");
    t.equal(code, 0);
    t.match(record, { nameMatch: true, chain: [{ subject: "CN=first, O=Anchorwatch Lab" }] });
    const wrong = await check(there, "--servername", "second.example.com");
    t.equal(wrong.code, 2);
    t.match(wrong.record, { nameMatch: false, findings: [{ code: "name.default-host" }] });
    t.match(wrong.record?.findings[0]?.summary, "answers for second.example.com with its default");
  });

  await t.test("check --servername takes addresses and names of any script", async (t) => {
    const address = await check(`localhost:${virtual.port}`, "--servername", "127.0.0.1");
    t.equal(address.code, 0);
    t.match(address.record, { nameMatch: true });
    const v6 = await check(there, "--servername", "::1");
    t.match(v6, { code: 2, record: { nameMatch: false } });
    const unicode = await check(there, "--servername", "bücher.example");
    t.match(unicode.record?.findings[0]?.summary, "xn--bcher-kva.example");
  });

  await t.test("check --name-check none lets a wrong name pass with a warning", async (t) => {
    const target = `https://second.example.com:${virtual.port}`;
    const strict = await check(target, "--connect", there);
    t.match(strict, { code: 2, record: { nameMatch: false, trusted: true } });
    const lax = await check(target, "--connect", there, "--name-check", "none");
    t.match(lax, {
      code: 1,
      record: { nameMatch: false, trusted: true, findings: [{ code: "name.unchecked-mismatch" }] },
    });
    const right = await check(there, "--name-check", "none");
    t.match(right, { code: 0, record: { nameMatch: true } });
    for (const rule of ["https", "ldaps"]) {
      const { code } = await check(there, "--name-check", rule);
      t.equal(code, 0, rule);
    }
  });

  await t.test("check --at judges as of another time", async (t) => {
    const { validFrom, validTo } = new X509Certificate(readFileSync(leaf.certificate));
    const end = Date.parse(validTo);
    const at = async (time: number): Promise<readonly [number | null, string | undefined]> => {
      const { code, record } = await check(there, "--at", new Date(time).toISOString());
      return [code, record?.findings[0]?.code];
    };
    // the CA is a second older than the leaf or none, and OpenSSL looks at it first
    t.match(await at(Date.parse(validFrom) - 1000), [2, /not-yet-valid$/]);
    t.same(await at(Date.parse(validFrom)), [0, undefined]);
    t.same(await at(end - 31 * 86_400_000), [0, undefined]);
    t.same(await at(end - 29 * 86_400_000), [1, "leaf.expiring"]);
    t.same(await at(end - 86_400_000), [2, "leaf.expiring"]);
    t.same(await at(end + 1000), [2, "leaf.expired"]);
    const { code } = await check(there, "--at", "2000-01-01");
    t.equal(code, 2, "a date alone is its first moment");
  });
});
