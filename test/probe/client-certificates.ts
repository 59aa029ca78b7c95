import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import t from "tap";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import { probe } from "../../src/probe/probe.ts";
import { type ClientCertificate, configuredKeyring } from "../../src/probe/tls/client-options.ts";
import type { Handshake } from "../../src/probe/handshake.ts";
import {
  createIssuer,
  type IssuedCertificate,
  type LabKeyType,
  startOpensslServer,
} from "../lab/openssl.ts";
import { requireTool } from "../tools.ts";

function identity(
  ...chain: readonly [IssuedCertificate, ...IssuedCertificate[]]
): ClientCertificate {
  return {
    chain: chain.flatMap(({ certificate }) => {
      const blocks = readPemBlocks(readFileSync(certificate, "utf8"));
      return blocks.ok ? blocks.value.map(({ der }) => der) : [];
    }),
    key: createPrivateKey(readFileSync(chain[0].key)),
  };
}

const keyTypes: readonly LabKeyType[] = [
  "rsa",
  "rsa-pss",
  "p256",
  "p384",
  "p521",
  "ed25519",
  "ed448",
];
const versions = ["-tls1_3", "-tls1_2"] as const;

t.test("probe() and client certificates against openssl s_server", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const issue = createIssuer(openssl, t.testdir());
  const ca = await issue({ name: "ca", keyType: "p256" });
  const server = await issue({ name: "server", keyType: "p256", issuer: ca });
  const strangers = await issue({ name: "strangers", keyType: "p256" });
  const stranger = await issue({ name: "stranger", keyType: "rsa", issuer: strangers });

  /** What the record says and what the server saw. */
  const handshake = async (
    options: readonly string[],
    clientCertificate?: ClientCertificate,
  ): Promise<{ readonly record: Handshake; readonly seen: string }> => {
    const running = await startOpensslServer(openssl, server, [
      "-CAfile",
      ca.certificate,
      "-verify_return_error",
      ...options,
    ]);
    try {
      const record = await probe(
        { scheme: "tls", host: "localhost", port: running.port },
        {
          address: "127.0.0.1",
          keyring: clientCertificate && configuredKeyring(clientCertificate),
        },
      );
      return { record, seen: running.process.output() };
    } finally {
      await running.process.stop();
    }
  };

  for (const version of versions) {
    for (const keyType of keyTypes)
      await t.test(`probe() authenticates with a ${keyType} key (${version})`, async (t) => {
        const own = await issue({ name: `client-${keyType}`, keyType, issuer: ca });
        const { record, seen } = await handshake([version, "-Verify", "1"], identity(own));
        t.equal(record.outcome, "complete", record.failure?.message ?? "complete");
        t.equal(record.clientCertificateRequested, true);
        t.match(
          seen,
          new RegExp(`subject=.*CN ?= ?client-${keyType}`),
          "the server knows who it was",
        );
      });

    await t.test(`probe() records what a server accepts (${version})`, async (t) => {
      const { record } = await handshake([version, "-verify", "1"]);
      t.equal(record.outcome, "complete", "an optional certificate may be left out");
      t.equal(record.clientCertificateRequested, true);
      const parsed = parseCertificate(identity(ca).chain[0] ?? new Uint8Array());
      const subject = parsed.ok ? parsed.value.subject.der : undefined;
      t.same(record.certificateRequest?.authorities, [new Uint8Array(subject ?? [])]);
      const schemes = record.certificateRequest?.signatureSchemes ?? [];
      t.ok(schemes.includes("ed25519") && schemes.includes("rsa_pss_rsae_sha256"));
    });

    await t.test(`probe() says that a certificate is required (${version})`, async (t) => {
      const { record } = await handshake([version, "-Verify", "1"]);
      t.match(record, {
        outcome: "failed",
        failure: { code: "client-certificate-required" },
        alert: {
          direction: "received",
          description: version === "-tls1_3" ? "certificate_required" : "handshake_failure",
        },
        clientCertificateRequested: true,
        stage: version === "-tls1_3" ? "finished" : "certificate",
      });
      t.ok(record.certificates.length > 0, "the server's chain is on record");
      t.not(record.signatureScheme, null);
    });

    await t.test(
      `probe() says that a certificate of another CA is refused (${version})`,
      async (t) => {
        const { record } = await handshake([version, "-Verify", "1"], identity(stranger));
        t.match(record, {
          outcome: "failed",
          failure: { code: "client-certificate-refused" },
          alert: { direction: "received", description: "unknown_ca" },
        });
      },
    );

    await t.test(
      `probe() says that a key which is not the certificate's is refused (${version})`,
      async (t) => {
        const own = await issue({ name: "client-mixed", keyType: "rsa", issuer: ca });
        const { chain } = identity(own);
        const { record } = await handshake([version, "-Verify", "1"], {
          ...identity(stranger),
          chain,
        });
        t.match(record, { outcome: "failed", failure: { code: "client-certificate-refused" } });
      },
    );

    await t.test(
      `probe() sends no certificate for which the server knows no scheme (${version})`,
      async (t) => {
        const own = await issue({ name: "client-odd", keyType: "ed25519", issuer: ca });
        const { record } = await handshake(
          [version, "-Verify", "1", "-client_sigalgs", "ECDSA+SHA256"],
          identity(own),
        );
        t.match(record, { outcome: "failed", failure: { code: "client-certificate-required" } });
      },
    );
  }

  await t.test("probe() sends the intermediates that the server needs", async (t) => {
    const intermediate = await issue({
      name: "intermediate",
      keyType: "p256",
      issuer: ca,
      authority: true,
    });
    const own = await issue({ name: "client-leaf", keyType: "p256", issuer: intermediate });
    const options = ["-tls1_3", "-Verify", "2"];
    const { record } = await handshake(options, identity(own, intermediate));
    t.equal(record.outcome, "complete", record.failure?.message ?? "complete");
    const { record: incomplete } = await handshake(options, identity(own));
    t.match(incomplete.failure, { code: "client-certificate-refused" });
  });
});
