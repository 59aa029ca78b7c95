import { readFileSync } from "node:fs";
import t from "tap";
import { readPkcs12 } from "../../src/truststore/read-pkcs12.ts";
import { at, PASSWORD, publicRoots, requirePki, scratch } from "./material.ts";
import { authSafeOf, clearSafe, encryptedSafe, pbmac1, writePfx } from "./write-stores.ts";
import { exportPkcs12, exportWithKey, read, visibility } from "./pkcs12-files.ts";

t.test(
  "readPkcs12() tells what a store without MAC and encryption needs no password for",
  async (t) => {
    const store = writePfx([
      clearSafe([{ bag: { certificate: at(publicRoots, 0) }, trusted: true }]),
    ]);
    for (const password of [null, "", "anything"]) {
      const file = await read(store, password);
      t.equal(file.integrity, "unchecked");
      t.same(visibility(file), ["visible"]);
      t.same(file.java, { opens: true });
      t.match(file.message, /no MAC/);
    }
  },
);

for (const password of ["pässwörd€", "😀 emoji", "", "x".repeat(200)])
  t.test(`readPkcs12() opens a store with the password '${password.slice(0, 12)}'`, async (t) => {
    const made = exportWithKey(
      t,
      `pw-${password.length}-${password.codePointAt(0) ?? 0}`,
      password,
    );
    if (made === undefined) return;
    const file = await read(readFileSync(made.path), password);
    t.equal(file.integrity, "ok");
    t.equal(file.entries.length, 4);
    t.equal(
      file.anomalies.some(({ code }) => code === "password-not-ascii"),
      /[^ -~]/.test(password),
    );
  });

t.test(
  "readPkcs12() opens a store with the empty password when none is given, unseen by Java",
  async (t) => {
    const made = exportWithKey(t, "empty", "");
    if (made === undefined) return;
    const file = await read(readFileSync(made.path), null);
    t.equal(file.integrity, "ok");
    t.same(new Set(visibility(file)), new Set(["encrypted-no-password"]));
    t.ok(file.anomalies.some(({ code }) => code === "empty-password"));
  },
);

t.test("readPkcs12() asks for a password where the certificates are encrypted", async (t) => {
  const made = exportWithKey(t, "required");
  if (made === undefined) return;
  t.match(await readPkcs12(readFileSync(made.path), { password: null }), {
    ok: false,
    error: {
      code: "password-required",
      message: /^The certificates in this PKCS#12 file are encrypted and no password was given/,
      javaMessage: /the trustAnchors parameter must be non-empty/,
    },
  });
});

t.test("readPkcs12() refuses a wrong password for encrypted certificates", async (t) => {
  const store = writePfx([encryptedSafe([{ bag: { certificate: at(publicRoots, 0) } }])]);
  // One guess in 256 meets valid padding by chance.
  for (let i = 0; i < 1_000; i++) {
    const result = await readPkcs12(store, { password: `guess ${i}` });
    if (result.ok || result.error.code !== "wrong-password") t.fail(`guess ${i}`, { result });
  }
  t.match(await readPkcs12(store, { password: "guess" }), {
    error: { message: /^Wrong password/, javaMessage: /keystore password was incorrect/ },
  });
  const made = exportWithKey(t, "wrong");
  if (made === undefined) return;
  t.match(await readPkcs12(readFileSync(made.path), { password: "guess" }), {
    error: { code: "wrong-password" },
  });
});

t.test(
  "readPkcs12() returns clear certificates whose MAC has another password, marked",
  async (t) => {
    const made = requirePki(t);
    if (made === undefined) return;
    const path = scratch("clear-mac.p12");
    exportPkcs12(made.openssl, path, ["-nokeys", "-in", made.pki.root, "-certpbe", "NONE"]);
    const file = await read(readFileSync(path), "wrong");
    t.equal(file.integrity, "wrong");
    t.equal(file.entries.length, 1);
    t.match(file.java, { opens: false, message: /Failed PKCS12 integrity checking$/ });
    t.match(await read(readFileSync(path), null), {
      integrity: "unchecked",
      java: { opens: true },
    });
  },
);

t.test(
  "readPkcs12() tells a MAC that fits while the certificates have another password",
  async (t) => {
    const safes = [
      encryptedSafe([{ bag: { certificate: at(publicRoots, 0) } }], { password: "other" }),
    ];
    t.match(await readPkcs12(writePfx(safes, pbmac1(authSafeOf(safes))), { password: PASSWORD }), {
      error: { code: "wrong-password", message: /^The password fits the MAC .* another password$/ },
    });
  },
);
