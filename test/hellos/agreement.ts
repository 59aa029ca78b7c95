import { createDiffieHellman, getDiffieHellman } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { probeTarget } from "../../src/cli/probe-target.ts";
import { assess } from "../../src/diagnosis/assess.ts";
import type { Assessment } from "../../src/diagnosis/assessment.ts";
import { loadTruststore } from "../../src/truststore/load.ts";
import { startGnutlsServer } from "../lab/gnutls.ts";
import { createIssuer, type LabServer, startOpensslServer } from "../lab/openssl.ts";
import { findTool, requireTool } from "../tools.ts";
import { findRealClients } from "./real-clients.ts";

/** Servers of `openssl s_server` that are old, strange or strict; %DIR stands for the directory of the test. */
const OPENSSL_SERVERS: Readonly<Record<string, readonly string[]>> = {
  "TLS 1.0": ["-tls1", "-cipher", "ALL:@SECLEVEL=0"],
  "TLS 1.0 with static RSA": ["-tls1", "-cipher", "kRSA:@SECLEVEL=0"],
  "TLS 1.1": ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
  "TLS 1.1 with static RSA": ["-tls1_1", "-cipher", "kRSA:@SECLEVEL=0"],
  "TLS 1.2 with static RSA": ["-tls1_2", "-cipher", "kRSA"],
  "TLS 1.2 with CBC and SHA-1": ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"],
  "TLS 1.2 with Camellia": ["-tls1_2", "-cipher", "ECDHE-RSA-CAMELLIA128-SHA256"],
  "TLS 1.2 with CCM": ["-tls1_2", "-cipher", "DHE-RSA-AES128-CCM"],
  "TLS 1.2 with ChaCha20": ["-tls1_2", "-cipher", "ECDHE-RSA-CHACHA20-POLY1305"],
  "a prime of 1024 bits": ["-tls1_2", "-cipher", "DHE:@SECLEVEL=0", "-dhparam", "%DIR/modp2.pem"],
  "a prime of 1536 bits": ["-tls1_2", "-cipher", "DHE:@SECLEVEL=0", "-dhparam", "%DIR/modp5.pem"],
  "a prime of 2048 bits": ["-tls1_2", "-cipher", "DHE:@SECLEVEL=0", "-dhparam", "%DIR/modp14.pem"],
  "TLS 1.2 with secp521r1 alone": ["-tls1_2", "-cipher", "ECDHE", "-groups", "secp521r1"],
  "TLS 1.2 with a brainpool curve": ["-tls1_2", "-cipher", "ECDHE", "-groups", "brainpoolP256r1"],
  "TLS 1.2 with signatures by SHA-1": [
    "-tls1_2",
    "-cipher",
    "ECDHE:@SECLEVEL=0",
    "-sigalgs",
    "RSA+SHA1",
  ],
  "TLS 1.3 alone": ["-tls1_3"],
  "TLS 1.3 with x448 alone": ["-tls1_3", "-groups", "X448"],
  "TLS 1.3 with ffdhe3072 alone": ["-tls1_3", "-groups", "ffdhe3072"],
  "TLS 1.3 with AES-128-CCM": ["-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256"],
  "no limits": [],
};

/** Primes that OpenSSL does not even load. */
const SMALL_PRIMES: Readonly<Record<string, number>> = {
  "a prime of 512 bits": 512,
  "a prime of 768 bits": 768,
};

/** Diffie-Hellman parameters in PEM (PKCS #3). */
function parameters(prime: Buffer): string {
  const element = (tag: number, content: Buffer): Buffer => {
    const { length } = content;
    const size =
      length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
    return Buffer.concat([Buffer.from([tag, ...size]), content]);
  };
  const positive = Buffer.concat([Buffer.alloc((prime[0] ?? 0) >> 7), prime]);
  const der = element(0x30, Buffer.concat([element(2, positive), element(2, Buffer.from([2]))]));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN DH PARAMETERS-----", ...lines, "-----END DH PARAMETERS-----", ""].join("\n");
}

/** What stands between a client's text and ours: an alert that older Java releases do not name. */
const plain = (text: string): string => text.replace(/\([a-z_]+\) /, "");

const misfits = ({ findings }: Assessment) =>
  findings.filter(({ code, severity }) => code.startsWith("handshake.") && severity === "critical");

t.test("assess() and the real clients agree about old and strange servers", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const directory = t.testdir();
  const issue = createIssuer(openssl, directory);
  const ca = await issue({ name: "ca", keyType: "p256" });
  const leaf = await issue({ name: "leaf", keyType: "rsa", issuer: ca });
  for (const name of ["modp2", "modp5", "modp14"])
    writeFileSync(join(directory, `${name}.pem`), parameters(getDiffieHellman(name).getPrime()));
  const servers = new Map<string, LabServer>();
  for (const [name, options] of Object.entries(OPENSSL_SERVERS)) {
    const placed = options.map((option) => option.replace("%DIR", directory));
    servers.set(name, await startOpensslServer(openssl, leaf, placed));
  }
  const gnutls = findTool("gnutlsServ");
  for (const [name, bits] of Object.entries(gnutls === undefined ? {} : SMALL_PRIMES)) {
    const file = join(directory, `${bits}.pem`);
    const prime =
      bits === 768 ? getDiffieHellman("modp1").getPrime() : createDiffieHellman(bits).getPrime();
    writeFileSync(file, parameters(prime));
    const priority = "NORMAL:-KX-ALL:+DHE-RSA:-VERS-ALL:+VERS-TLS1.2:%VERIFY_ALLOW_BROKEN";
    const options = ["--dhparams", file, "--priority", priority];
    if (gnutls !== undefined) servers.set(name, await startGnutlsServer(gnutls, leaf, options));
  }
  t.teardown(() => Promise.all([...servers.values()].map((server) => server.process.stop())));

  const clients = await findRealClients(directory);
  t.ok(clients.length > 0, "some client is here");
  const store = await loadTruststore({ name: "ca", paths: [ca.certificate], password: null });
  const ports = [...servers.values()].map(({ port }) => port);
  const real = new Map(
    await Promise.all(
      clients.map(async (client) => [client, await client.connect(ca.certificate, ports)] as const),
    ),
  );
  for (const [name, { port }] of servers) {
    const parties = clients.map(({ title, profile, rules }) => ({
      party: {
        name: title,
        profile,
        rules,
        truststores: [{ name: "ca", store }],
        nameCheck: "https" as const,
        ownChain: null,
      },
      identity: null,
    }));
    const endpoint = { scheme: "tls", host: "localhost", port } as const;
    const [seen] = await probeTarget(endpoint, { connectHost: "127.0.0.1" }, parties);
    if (seen === undefined) throw new Error(`${name}: nothing was seen`);
    const shapes = seen.all.map(({ hello }) => hello);
    t.equal(seen.all[0]?.certificates.length, 1, `${name}: the certificate is known`);
    t.equal(shapes.filter((hello) => hello === "wide").length, 1, `${name}: one wide hello`);
    for (const [index, client] of clients.entries()) {
      const party = parties[index];
      const outcome = real.get(client)?.get(port);
      if (party === undefined || outcome === undefined) throw new Error(`${client.title}: ${name}`);
      const { handshake, own } = seen.of(party);
      const assessment = assess(party.party, handshake, {
        at: Date.now(),
        thresholds: { warning: 0, critical: 0 },
        otherTruststores: [],
        own,
      });
      const label = `${client.title} and ${name}`;
      const told = assessment.findings.map(({ code, summary }) => `${code}: ${summary}`).join("\n");
      t.equal(assessment.ok, outcome.ok, `${label}: ${outcome.text.slice(0, 300)}\n${told}`);
      t.equal(assessment.verdict?.trusted, true, `${label}: the chain is judged all the same`);
      const [misfit] = misfits(assessment);
      t.equal(misfit === undefined, outcome.ok, `${label}: a finding says why`);
      const words = misfit?.clientMessage ?? null;
      if (words !== null)
        t.ok(
          plain(outcome.text).includes(plain(words)),
          `${label}: says ${words}, not ${outcome.text.slice(0, 300)}`,
        );
    }
  }
});
