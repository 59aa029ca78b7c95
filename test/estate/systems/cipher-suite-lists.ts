import { execFileSync } from "node:child_process";
import t from "tap";
import {
  javaCipherSuites,
  opensslCipherSuites,
} from "../../../src/estate/systems/cipher-suite-lists.ts";
import { agreementOf } from "../../../src/estate/systems/negotiable.ts";
import { requireTool } from "../../tools.ts";

t.test("opensslCipherSuites() names every suite as OpenSSL does", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const text = execFileSync(openssl, ["ciphers", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"], {
    encoding: "utf8",
  });
  const pairs = [...text.matchAll(/^(\S+)\s+- (\S+)/gmu)].map(
    ([, standard = "", own = ""]) => [own, standard] as const,
  );
  t.ok(pairs.length > 50);
  for (const [own, standard] of pairs)
    // no configuration that is read here has keys for these
    if (!/SRP|PSK.*CCM8/u.test(own))
      t.ok(opensslCipherSuites(own, "")?.includes(standard), `${own} is ${standard}`);
});

t.test("opensslCipherSuites() covers what OpenSSL makes of a list with classes", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  for (const list of [
    "HIGH:!aNULL:!MD5",
    "ECDHE+AESGCM:DHE+AESGCM:!DSS",
    "EECDH+CHACHA20:EECDH+AES128:RSA+AES128:!3DES:-SHA1",
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
  ]) {
    const found = new Set(opensslCipherSuites(list));
    const real = execFileSync(openssl, ["ciphers", "-stdname", "-s", list], { encoding: "utf8" });
    for (const [, standard = ""] of real.matchAll(/^(\S+)\s+- /gmu))
      t.ok(found.has(standard), `${standard} of ${list}`);
  }
  t.notOk(opensslCipherSuites("HIGH:!kRSA")?.includes("TLS_RSA_WITH_AES_128_CBC_SHA"));
  t.equal(opensslCipherSuites("HIGH:!SOMETHING"), null, "a word that is not known");
  t.equal(opensslCipherSuites(""), null);
});

t.test("javaCipherSuites() takes registered names, IBM's and OpenSSL's", (t) => {
  t.strictSame(
    javaCipherSuites("SSL_RSA_WITH_AES_128_CBC_SHA TLS_AES_128_GCM_SHA256,TLS_AES_128_GCM_SHA256"),
    ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_AES_128_GCM_SHA256"],
  );
  t.strictSame(javaCipherSuites("ECDHE-RSA-AES256-SHA384"), [
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
  ]);
  t.equal(javaCipherSuites("TLS_OF_MY_OWN"), null);
  t.equal(javaCipherSuites("x ".repeat(100_000)), null);
  t.end();
});

t.test("agreementOf() takes what nobody limits from the client's kind", (t) => {
  const open = { protocols: null, cipherSuites: null };
  const gcm = ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"];
  const rsa = ["TLS_RSA_WITH_AES_128_CBC_SHA"];
  const kind = (...[profile, client, server]: Parameters<typeof agreementOf>): string =>
    agreementOf(profile, client, server).kind;
  t.equal(kind("openjdk-17", open, open), "common");
  t.equal(kind("openjdk-17", open, { ...open, protocols: ["TLSv1"] }), "no-common-version");
  t.equal(kind("openjdk-17", open, { ...open, cipherSuites: rsa }), "static-rsa");
  t.equal(kind("openssl-3", open, { ...open, cipherSuites: rsa }), "common");
  t.equal(
    kind("go", { ...open, cipherSuites: gcm }, { ...open, cipherSuites: rsa }),
    "no-common-suite",
  );
  t.equal(
    kind(
      "openssl-3",
      { ...open, cipherSuites: gcm },
      { protocols: ["TLSv1.3"], cipherSuites: gcm },
    ),
    "no-common-suite",
    "a suite of TLS 1.2 is of no use with TLS 1.3",
  );
  t.equal(
    kind(
      "openssl-3",
      { protocols: ["TLSv1.0"], cipherSuites: null },
      { ...open, protocols: ["TLSv1"] },
    ),
    "common",
    "two spellings of one version",
  );
  t.equal(
    kind("strict", open, { protocols: ["TLSv1"], cipherSuites: rsa }),
    "common",
    "a profile without a hello",
  );
  t.end();
});
