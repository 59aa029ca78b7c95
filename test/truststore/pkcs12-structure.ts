import t from "tap";
import { readPkcs12 } from "../../src/truststore/read-pkcs12.ts";
import { at, PASSWORD, publicRoots } from "./material.ts";
import {
  authSafeOf,
  type BagPlan,
  clearSafe,
  encryptedContent,
  encryptedSafe,
  integer,
  oid,
  pbmac1,
  toBer,
  writePfx,
} from "./write-stores.ts";
import { encode } from "../../src/x509/ber.ts";
import { read, visibility } from "./pkcs12-files.ts";

t.test("readPkcs12() verifies PBMAC1, which no Java opens", async (t) => {
  const safes = [clearSafe([{ bag: { certificate: at(publicRoots, 0) }, trusted: true }])];
  const store = writePfx(safes, pbmac1(authSafeOf(safes)));
  t.match(await read(store), {
    integrity: "ok",
    flavour: { mac: { algorithm: "PBMAC1 HMAC-SHA-256", keyDerivation: "PBKDF2-HMAC-SHA-256" } },
    java: { opens: false, message: /Algorithm HmacPBE1\.2\.840\.113549\.1\.5\.14 not available$/ },
  });
  t.equal((await read(store, "wrong")).integrity, "wrong");
});

t.test("readPkcs12() reads BER with indefinite lengths and strings in segments", async (t) => {
  const bags: readonly BagPlan[] = publicRoots.map((certificate, index) => ({
    bag: { certificate },
    alias: `root ${index}`,
    trusted: true,
  }));
  const inner = clearSafe(bags);
  const safes = [toBer(inner), encryptedSafe(bags.slice(0, 1))];
  const content = encode(0x30, safes);
  const pfx = encode(0x30, [
    integer(3),
    encode(0x30, [oid("1.2.840.113549.1.7.1"), encode(0xa0, [encode(0x04, [content])])]),
  ]);
  const file = await read(toBer(pfx, 100));
  t.same(file.entries.map(({ der }) => der).slice(0, -1), publicRoots);
  t.ok(file.anomalies.some(({ code }) => code === "ber-encoding"));
});

t.test("readPkcs12() reads nested bags, which Java ignores", async (t) => {
  const nested: BagPlan = {
    bag: { bags: [{ bag: { certificate: at(publicRoots, 1) }, trusted: true }] },
  };
  const file = await read(
    writePfx([clearSafe([nested, { bag: { certificate: at(publicRoots, 0) }, trusted: true }])]),
    null,
  );
  t.same(visibility(file), ["bag-type-ignored", "visible"]);
});

t.test("readPkcs12() counts what is no certificate", async (t) => {
  const file = await read(
    writePfx([
      clearSafe([
        { bag: { key: "shrouded" }, keyId: "1" },
        { bag: { key: "plain" } },
        { bag: { other: "crl" } },
        { bag: { other: "secret" }, keyId: "2" },
        { bag: { other: "unknown" } },
      ]),
    ]),
    null,
  );
  t.same(file.skipped, {
    privateKeys: 2,
    secretKeys: 1,
    revocationLists: 1,
    requests: 0,
    other: 1,
  });
  t.same(file.entries, []);
});

t.test(
  "readPkcs12() tells overwritten aliases, dates, and keys that Java leaves out",
  async (t) => {
    const [a, b, c] = [at(publicRoots, 0), at(publicRoots, 1), at(publicRoots, 2)];
    const file = await read(
      writePfx([
        clearSafe([
          { bag: { certificate: a }, alias: "CA", trusted: true },
          { bag: { certificate: b }, alias: "ca", trusted: true },
          { bag: { certificate: c }, alias: "server", keyId: "Time 1700000000000" },
          { bag: { key: "shrouded" }, alias: "server", keyId: "Time 1700000000000" },
          { bag: { key: "shrouded" }, alias: "second" },
        ]),
      ]),
      null,
    );
    t.same(visibility(file), ["alias-overwritten", "visible", "visible"]);
    t.equal(at(file.entries, 2).date, 1_700_000_000_000);
    t.match(
      file.anomalies.map(({ code }) => code),
      ["duplicate-alias", "key-skipped-by-java"],
    );
  },
);

t.test("readPkcs12() refuses iteration counts that only keep it busy", async (t) => {
  const plans: readonly BagPlan[] = [{ bag: { certificate: at(publicRoots, 0) } }];
  const bomb = writePfx([encryptedSafe(plans, { announced: 5_000_001 })]);
  t.match(await readPkcs12(bomb, { password: PASSWORD }), {
    error: {
      code: "iterations-too-many",
      message: /asks for 5000001 iterations; at most 5000000/,
      javaMessage: /cert PBE iteration count too large$/,
    },
  });
  const many = writePfx(
    Array.from({ length: 9 }, () => encryptedSafe(plans, { announced: 4_000_000 })),
  );
  t.match(await readPkcs12(many, { password: PASSWORD }), {
    error: { code: "iterations-too-many" },
  });
  const safes = [clearSafe(plans)];
  const mac = writePfx(safes, pbmac1(authSafeOf(safes), PASSWORD, 5_000_001));
  t.match(await readPkcs12(mac, { password: PASSWORD }), {
    error: { code: "iterations-too-many" },
  });
  t.match(await readPkcs12(mac, { password: null }), { ok: true });
});

t.test("readPkcs12() refuses bags that are nested too deep and files with too many", async (t) => {
  let plan: BagPlan = { bag: { certificate: at(publicRoots, 0) } };
  for (let i = 0; i < 17; i++) plan = { bag: { bags: [plan] } };
  t.match(await readPkcs12(writePfx([clearSafe([plan])]), { password: null }), {
    error: { code: "too-deep" },
  });
  const crl: BagPlan = { bag: { other: "crl" } };
  const many = writePfx([clearSafe(Array.from({ length: 20_001 }, () => crl))]);
  t.match(await readPkcs12(many, { password: null }), { error: { code: "too-many-entries" } });
});

t.test("readPkcs12() names algorithms that it does not know", async (t) => {
  const rc4 = encode(0x30, [
    oid("1.2.840.113549.1.12.1.1"),
    encode(0x30, [encode(4, []), integer(1)]),
  ]);
  t.match(await readPkcs12(writePfx([encryptedContent(rc4, Buffer.alloc(8))]), { password: "" }), {
    error: {
      code: "unsupported-algorithm",
      message:
        /encryption PBE-SHA1-RC4-128 \(1\.2\.840\.113549\.1\.12\.1\.1\), which is not supported/,
    },
  });
  const enveloped = encode(0x30, [oid("1.2.840.113549.1.7.3"), encode(0xa0, [encode(0x30, [])])]);
  t.match(await readPkcs12(writePfx([enveloped]), { password: "" }), {
    error: {
      code: "unsupported-algorithm",
      javaMessage: /public key protected PKCS12 not supported/,
    },
  });
});

t.test("readPkcs12() tells a file that is cut off at any length", async (t) => {
  const store = writePfx([
    clearSafe([{ bag: { certificate: at(publicRoots, 0) }, trusted: true }]),
  ]);
  for (let length = 3; length < store.length; length++) {
    const result = await readPkcs12(store.subarray(0, length), { password: null });
    if (result.ok || result.error.code !== "truncated") t.fail(`cut at ${length}`, { result });
  }
});
