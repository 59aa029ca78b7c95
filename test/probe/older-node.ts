import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type TLSSocket, type TlsOptions } from "node:tls";
import t from "tap";
import { probe, type ProbeOptions } from "../../src/probe/probe.ts";
import { cipherSuiteName } from "../../src/probe/tls/cipher-suite-names.ts";
import { configuredKeyring } from "../../src/probe/tls/client-options.ts";
import { completableSuites, singleHello } from "../../src/probe/tls/single-hello.ts";
import { Version } from "../../src/probe/tls/versions.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import { createIssuer, type IssuedCertificate } from "../lab/openssl.ts";
import { requireTool } from "../tools.ts";

const VERSIONS = {
  TLSv1: ["TLSv1.0", Version.tls10],
  "TLSv1.1": ["TLSv1.1", Version.tls11],
  "TLSv1.2": ["TLSv1.2", Version.tls12],
} as const;

t.test("probe() and old versions against Node's own server", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const issue = createIssuer(openssl, t.testdir());
  const ca = await issue({ name: "ca", keyType: "p256" });
  const identities = {
    RSA: await issue({ name: "rsa", keyType: "rsa", issuer: ca }),
    ECDSA: await issue({ name: "ecdsa", keyType: "p256", issuer: ca }),
  };
  const client = await issue({ name: "client", keyType: "rsa", issuer: ca });

  const pem = ({ certificate, key }: IssuedCertificate) => ({
    cert: readFileSync(certificate),
    key: readFileSync(key),
  });

  /** A handshake, and what the server says about it. */
  const handshake = async (options: TlsOptions, probeOptions: ProbeOptions) => {
    const server = createServer({ ciphers: "ALL:COMPLEMENTOFALL:@SECLEVEL=0", ...options });
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const seen = once(server, "secureConnection").then(([socket]) => {
      const { standardName } = (socket as TLSSocket).getCipher();
      return { suite: standardName, version: (socket as TLSSocket).getProtocol() };
    });
    try {
      const record = await probe(
        { scheme: "tls", host: "localhost", port },
        { address: "127.0.0.1", ...probeOptions },
      );
      return { record, seen: record.outcome === "complete" ? await seen : null };
    } finally {
      server.close();
    }
  };

  for (const [name, [version, code]] of Object.entries(VERSIONS)) {
    await t.test(`probe() and the server agree about what they spoke (${version})`, async (t) => {
      const context = { minVersion: name, maxVersion: name } as TlsOptions;
      for (const [authentication, identity] of Object.entries(identities))
        for (const suite of completableSuites(code).filter((candidate) =>
          new RegExp(`DHE_${authentication}_WITH_AES`).test(cipherSuiteName(candidate)),
        )) {
          const shape = singleHello({ version: code, cipherSuites: [suite] });
          const options = { ...context, ...pem(identity), dhparam: "auto" };
          const { record, seen } = await handshake(options, { shape });
          t.match(record, { outcome: "complete", version }, record.failure?.message ?? "complete");
          t.same(seen, { suite: cipherSuiteName(suite), version: name });
          t.equal(record.cipherSuite, cipherSuiteName(suite));
        }
    });

    await t.test(`probe() authenticates to the server (${version})`, async (t) => {
      const blocks = readPemBlocks(readFileSync(client.certificate, "utf8"));
      const keyring = configuredKeyring({
        chain: blocks.ok ? blocks.value.map(({ der }) => der) : [],
        key: createPrivateKey(readFileSync(client.key)),
      });
      const options = {
        ...pem(identities.RSA),
        minVersion: name,
        maxVersion: name,
        requestCert: true,
        rejectUnauthorized: true,
        ca: readFileSync(ca.certificate),
      } as TlsOptions;
      const shape = singleHello({ version: code });
      const given = await handshake(options, { shape, keyring });
      t.equal(given.record.outcome, "complete", given.record.failure?.message ?? "complete");
      const missing = await handshake(options, { shape });
      t.match(missing.record, { clientCertificateRequested: true });
    });
  }
});
