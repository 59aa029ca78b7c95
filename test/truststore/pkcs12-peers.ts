import { readFileSync } from "node:fs";
import t from "tap";
import { parseStore } from "../../src/truststore/parse-store.ts";
import { askJava } from "./ask-java.ts";
import { compareWithJava } from "./java-answers.ts";
import { javaHomes, requireBouncyCastle } from "./java-peers.ts";
import { PASSWORD, publicRoots, requirePki, run, scratch, at } from "./material.ts";
import { derFile, type KeystoreEntry, writeKeystores } from "./write-keystores.ts";

t.test("readPkcs12() sees what Java sees in stores that BouncyCastle wrote", async (t) => {
  const made = requirePki(t);
  const peer = made === undefined ? undefined : requireBouncyCastle(t);
  if (made === undefined || peer === undefined) return;
  const chain = made.pki.der.map((der, index) => derFile(`bc-chain-${index}`, der));
  const trusted: readonly KeystoreEntry[] = [0, 1].map((number) => ({
    kind: "cert",
    alias: `Root ${number}`,
    files: [derFile(`bc-root-${number}`, at(publicRoots, number))],
  }));
  const withKey: readonly KeystoreEntry[] = [{ kind: "key", alias: "Server", files: chain }];
  const plans = (
    [
      ["BCPKCS12", trusted],
      ["PKCS12-3DES-3DES", [...withKey, ...trusted]],
    ] as const
  ).map(([type, entries]) => ({
    path: scratch(`bc-${type}.p12`),
    type,
    password: PASSWORD,
    entries,
  }));
  writeKeystores(peer.java, plans, peer.jar);
  // Each question costs both sides some hundred thousand rounds of SHA-1.
  const questions = plans.flatMap(({ path, type }) =>
    (type === "BCPKCS12" ? [PASSWORD, null, "wrong"] : [PASSWORD]).map((password) => ({
      name: path,
      path,
      bytes: readFileSync(path),
      type: "PKCS12" as const,
      password,
    })),
  );
  for (const { java } of javaHomes()) {
    const answers = askJava(t, questions, { java });
    if (answers !== undefined)
      t.equal(await compareWithJava(t, questions, answers), questions.length, java);
  }
  for (const { path } of plans)
    t.match(await parseStore(readFileSync(path), { password: PASSWORD }), {
      value: { integrity: "ok", anomalies: [{ code: "ber-encoding" }] },
    });
});

t.test("readPkcs12() counts the passwords and secret keys that keytool imports", async (t) => {
  for (const { release, keytool } of javaHomes()) {
    const made = requirePki(t);
    if (made === undefined) return;
    // Each keytool takes seconds: every type with one of them.
    for (const type of release === 17 ? ["PKCS12"] : ["JCEKS"]) {
      const path = scratch(`importpass-${release}.${type}`);
      const store = ["-storetype", type, "-keystore", path, "-storepass", PASSWORD];
      run(keytool, ["-importpass", "-alias", "pass", ...store], "secret words\nsecret words\n");
      run(keytool, [
        "-importcert",
        "-noprompt",
        "-alias",
        "root",
        "-file",
        made.pki.root,
        ...store,
      ]);
      t.match(
        await parseStore(readFileSync(path), { password: PASSWORD }),
        {
          value: {
            integrity: "ok",
            skipped: { secretKeys: 1 },
            entries: [{ alias: "root", visibleToJava: { visible: true } }],
          },
        },
        `${type} of Java ${release}`,
      );
    }
  }
});
