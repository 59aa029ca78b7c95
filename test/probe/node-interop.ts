import { type KeyObject, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import * as tls from "node:tls";
import t, { type Test } from "tap";
import type { Handshake } from "../../src/probe/handshake.ts";
import { probe, type ProbeOptions } from "../../src/probe/probe.ts";
import { certificateCompression } from "../../src/probe/tls/certificate-compression.ts";
import { type Group, GROUPS } from "../../src/probe/tls/groups.ts";
import { WIDE_HELLO } from "../../src/probe/tls/hello-shape.ts";
import { RUNTIME } from "../../src/probe/tls/runtime-support.ts";
import { writePem } from "../../src/x509/pem.ts";
import { createIssuer, type LabKeyType } from "../lab/openssl.ts";
import { selfSigned } from "../lab/self-signed.ts";
import { requireTool } from "../tools.ts";

/** What the server knows about a conversation. */
interface ServerView {
  readonly version: string | null;
  readonly cipherSuite: string;
  readonly alpn: string | null;
  readonly serverName: string | null;
}

/** Probes a fresh server of this runtime, which says what it saw itself; null when it saw no handshake. */
async function handshakeWith(
  options: tls.TlsOptions,
  probeOptions: ProbeOptions = {},
): Promise<{ readonly handshake: Handshake; readonly seen: ServerView | null }> {
  let seen: ServerView | null = null;
  const server = tls.createServer(options, (socket) => {
    const { alpnProtocol, servername } = socket;
    seen = {
      version: socket.getProtocol()?.replace(/^TLSv1$/, "TLSv1.0") ?? null,
      cipherSuite: socket.getCipher().standardName,
      alpn: typeof alpnProtocol === "string" ? alpnProtocol : null,
      serverName: typeof servername === "string" ? servername : null,
    };
    socket.on("error", () => undefined);
    socket.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const handshake = await probe(
      { scheme: "tls", host: "localhost", port },
      { address: "127.0.0.1", ...probeOptions },
    );
    return { handshake, seen };
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** How OpenSSL spells a group. */
const OPENSSL_NAMES: Readonly<Record<string, string>> = {
  secp256r1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521",
  x25519: "X25519",
  x448: "X448",
  brainpoolp256r1tls13: "brainpoolP256r1tls13",
  brainpoolp384r1tls13: "brainpoolP384r1tls13",
  brainpoolp512r1tls13: "brainpoolP512r1tls13",
  x25519mlkem768: "X25519MLKEM768",
  secp256r1mlkem768: "SecP256r1MLKEM768",
  secp384r1mlkem1024: "SecP384r1MLKEM1024",
};

/** Whether the OpenSSL inside this runtime has a group, whatever its key types can do. */
function serverHas({ name }: Group): boolean {
  try {
    tls.createSecureContext({ ecdhCurve: OPENSSL_NAMES[name] ?? name });
    return true;
  } catch {
    return false;
  }
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Handshakes with servers whose keys certify themselves, by the scheme that each must sign with. */
async function selfSignedVerifies(t: Test, pairs: Readonly<Record<string, KeyPair>>) {
  for (const [signatureScheme, { publicKey, privateKey }] of Object.entries(pairs)) {
    const der = selfSigned(publicKey, privateKey);
    const { handshake } = await handshakeWith({
      key: privateKey.export({ type: "pkcs8", format: "pem" }),
      cert: writePem("CERTIFICATE", der),
      sigalgs: signatureScheme,
      minVersion: "TLSv1.3",
    });
    t.equal(handshake.outcome, "complete", handshake.failure?.message ?? "complete");
    t.equal(handshake.signatureScheme, signatureScheme);
    t.same(handshake.certificates, [new Uint8Array(der)]);
  }
}

t.test("probe() against this runtime's own TLS servers", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const issue = createIssuer(openssl, t.testdir());
  const identity = async (keyType: LabKeyType) => {
    const { certificate, key } = await issue({ name: keyType, keyType });
    return { cert: readFileSync(certificate), key: readFileSync(key) };
  };
  const p256 = await identity("p256");

  for (const group of GROUPS.filter(({ versions }) => versions !== "before-tls13"))
    await t.test(`probe() agrees on ${group.name}, asked for it or at once`, async (t) => {
      if (!serverHas(group)) {
        t.comment("OpenSSL of this runtime lacks the group");
        return;
      }
      const ecdhCurve = OPENSSL_NAMES[group.name] ?? group.name;
      for (const keyShares of [[0x0019], [group.code]]) {
        const shape = { ...WIDE_HELLO, keyShares };
        const { handshake, seen } = await handshakeWith({ ...p256, ecdhCurve }, { shape });
        t.equal(handshake.outcome, "complete", handshake.failure?.message ?? "complete");
        t.match(handshake, { version: "TLSv1.3", group: group.name });
        t.match(handshake.keyExchange, { group: group.name, bits: group.bits });
        const atOnce = keyShares.includes(group.code);
        t.same(handshake.retry, atOnce ? null : { group: group.name, cookieLength: null });
        t.equal(seen?.cipherSuite, handshake.cipherSuite);
      }
    });

  const schemes: readonly (readonly [LabKeyType, string])[] = [
    ["rsa-pss", "rsa_pss_pss_sha384"],
    ["rsa-pss", "rsa_pss_pss_sha512"],
    ["rsa", "rsa_pss_rsae_sha512"],
    ["ed448", "ed448"],
  ];
  for (const [keyType, signatureScheme] of schemes)
    await t.test(`probe() verifies ${signatureScheme}`, async (t) => {
      const own = await identity(keyType);
      const { handshake } = await handshakeWith({
        ...own,
        sigalgs: signatureScheme,
        minVersion: "TLSv1.3",
      });
      t.equal(handshake.outcome, "complete", handshake.failure?.message ?? "complete");
      t.equal(handshake.signatureScheme, signatureScheme);
    });

  await t.test("probe() verifies ML-DSA", async (t) => {
    if (!RUNTIME.mlDsa) {
      t.comment("this runtime has no ML-DSA");
      return;
    }
    await selfSignedVerifies(t, {
      mldsa44: generateKeyPairSync("ml-dsa-44"),
      mldsa65: generateKeyPairSync("ml-dsa-65"),
      mldsa87: generateKeyPairSync("ml-dsa-87"),
    });
  });

  await t.test("probe() verifies ECDSA on brainpool curves in TLS 1.3", async (t) => {
    if (!GROUPS.some((group) => group.name.endsWith("tls13") && serverHas(group))) {
      t.comment("OpenSSL of this runtime has no brainpool curves for TLS 1.3");
      return;
    }
    const pair = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve });
    await selfSignedVerifies(t, {
      ecdsa_brainpoolP256r1tls13_sha256: pair("brainpoolP256r1"),
      ecdsa_brainpoolP384r1tls13_sha384: pair("brainpoolP384r1"),
      ecdsa_brainpoolP512r1tls13_sha512: pair("brainpoolP512r1"),
    });
  });

  for (const algorithm of ["zlib", "brotli", "zstd"])
    await t.test(`probe() unpacks certificates compressed with ${algorithm}`, async (t) => {
      const offered = tls.getCertificateCompressionAlgorithms?.() ?? [];
      const known = [1, 2, 3].some((code) => certificateCompression(code)?.name === algorithm);
      if (!known || !offered.some((name) => name === algorithm)) {
        t.comment("this runtime does not compress certificates so");
        return;
      }
      const { handshake } = await handshakeWith({
        ...p256,
        certificateCompression: offered.filter((name) => name === algorithm),
      });
      t.equal(handshake.outcome, "complete", handshake.failure?.message ?? "complete");
      t.equal(handshake.certificateCompression, algorithm);
      t.equal(handshake.certificates.length, 1);
    });

  await t.test("probe() waits for tickets where it is told to", async (t) => {
    const { handshake } = await handshakeWith(p256, { readsOn: true });
    t.equal(handshake.outcome, "complete", handshake.failure?.message ?? "complete");
    t.equal(handshake.tickets.length, 2);
    t.match(handshake.tickets, [{ lifetime: 7200, maxEarlyData: null }]);
    t.match(handshake.end, { by: "server", how: "close-notify" });
    const { handshake: brief } = await handshakeWith(p256);
    t.same(brief.tickets, []);
    t.match(brief.end, { by: "client", how: "close-notify" });
  });

  await t.test("probe() offers the protocols of its shape unless it is told others", async (t) => {
    const shape = { ...WIDE_HELLO, alpn: ["imap"] };
    const server = { ...p256, ALPNProtocols: ["h2", "imap"] };
    t.equal((await handshakeWith(server, { shape })).handshake.alpn, "imap");
    t.equal((await handshakeWith(server, { shape, alpn: ["h2"] })).handshake.alpn, "h2");
    t.equal((await handshakeWith(server, { shape, alpn: [] })).handshake.alpn, null);
  });

  await t.test(
    "probe() and the server agree about version, suite, protocol and name",
    async (t) => {
      for (const ciphers of [
        "TLS_AES_128_CCM_SHA256",
        "TLS_AES_128_CCM_8_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
      ]) {
        const { handshake, seen } = await handshakeWith(
          { ...p256, ciphers: `${ciphers}:DEFAULT:@SECLEVEL=0`, ALPNProtocols: ["imap", "h2"] },
          { alpn: ["h2", "imap"] },
        );
        t.equal(handshake.outcome, "complete", handshake.failure?.message ?? "complete");
        t.equal(handshake.cipherSuite, ciphers);
        t.same(seen, {
          version: handshake.version,
          cipherSuite: handshake.cipherSuite,
          alpn: handshake.alpn,
          serverName: handshake.serverName,
        });
        t.equal(handshake.alpn, "imap");
      }
    },
  );
});
