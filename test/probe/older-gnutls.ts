import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { probe } from "../../src/probe/probe.ts";
import { cipherSuiteName } from "../../src/probe/tls/cipher-suite-names.ts";
import { ExtensionType } from "../../src/probe/tls/extensions.ts";
import type { HelloShape } from "../../src/probe/tls/hello-shape.ts";
import { completableSuites, singleHello } from "../../src/probe/tls/single-hello.ts";
import { Version, versionName } from "../../src/probe/tls/versions.ts";
import { startGnutlsServer } from "../lab/gnutls.ts";
import { createIssuer, issueDsa } from "../lab/openssl.ts";
import { requireTool } from "../tools.ts";

const run = promisify(execFile);

/** All that GnuTLS can do with certificates, old things included. */
const PRIORITY = [
  "NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+VERS-TLS1.2",
  "3DES-CBC:+CAMELLIA-128-CBC:+CAMELLIA-256-CBC",
  "AES-128-CCM:+AES-256-CCM:+AES-128-CCM-8:+AES-256-CCM-8",
  "DHE-DSS:+DHE-RSA:+RSA:+SHA1:+SHA256:+SHA384",
  "SIGN-ALL:+SIGN-DSA-SHA1:+SIGN-DSA-SHA256",
].join(":+");

t.test("probe() and old versions against gnutls-serv", async (t) => {
  const [openssl, gnutls] = [requireTool(t, "openssl"), requireTool(t, "gnutlsServ")];
  if (openssl === undefined || gnutls === undefined) return;
  const directory = t.testdir();
  const issue = createIssuer(openssl, directory);
  const ca = await issue({ name: "ca", keyType: "p256" });
  const certificates = {
    RSA: await issue({ name: "rsa", keyType: "rsa", issuer: ca }),
    ECDSA: await issue({ name: "ecdsa", keyType: "p256", issuer: ca }),
    DSS: await issueDsa(openssl, directory, "dsa"),
  };

  for (const [authentication, certificate] of Object.entries(certificates))
    await t.test(`probe() completes every suite with a key for ${authentication}`, async (t) => {
      const server = await startGnutlsServer(gnutls, certificate, ["--priority", PRIORITY]);
      t.teardown(() => server.process.stop());
      const ask = (shape: HelloShape) =>
        probe(
          { scheme: "tls", host: "localhost", port: server.port },
          { address: "127.0.0.1", shape },
        );
      const marker = new RegExp(`^TLS_(?:(?:EC)?DHE_)?${authentication}_WITH`);
      for (const version of [Version.tls10, Version.tls11, Version.tls12]) {
        const codes = completableSuites(version).filter((code) => {
          const name = cipherSuiteName(code);
          return marker.test(name) && !name.includes("ARIA");
        });
        t.ok(codes.length > 2, "there is something to prove");
        for (const code of codes)
          for (const without of [[], [ExtensionType.encryptThenMac]]) {
            const name = cipherSuiteName(code);
            const record = await ask(singleHello({ version, cipherSuites: [code], without }));
            t.match(
              record,
              { outcome: "complete", version: versionName(version), cipherSuite: name },
              `${versionName(version)} ${name}: ${record.failure?.message ?? "complete"}`,
            );
            const encrypted = without.length === 0 && name.includes("CBC");
            t.equal(record.serverHello?.encryptThenMac, encrypted);
          }
      }
    });

  for (const bits of [512, 768])
    await t.test(`probe() completes DHE with a prime of ${bits} bits`, async (t) => {
      const file = join(t.testdir(), "parameters.pem");
      await run(openssl, ["dhparam", "-out", file, String(bits)]);
      const server = await startGnutlsServer(gnutls, certificates.RSA, [
        "--priority",
        PRIORITY,
        "--dhparams",
        file,
      ]);
      t.teardown(() => server.process.stop());
      const ask = (groups: readonly number[]) =>
        probe(
          { scheme: "tls", host: "localhost", port: server.port },
          {
            address: "127.0.0.1",
            shape: singleHello({ version: Version.tls11, cipherSuites: [0x0033], groups }),
          },
        );
      t.match(await ask([0x17]), { outcome: "complete", keyExchange: { kind: "dhe", bits } });
      t.match(await ask([0x17, 0x101]), { outcome: "complete", group: "ffdhe3072" }, "RFC 7919");
    });
});
