import { execFile } from "node:child_process";
import { createPrivateKey, getDiffieHellman } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import type { Handshake } from "../../src/probe/handshake.ts";
import { probe, type ProbeOptions } from "../../src/probe/probe.ts";
import { cipherSuiteName } from "../../src/probe/tls/cipher-suite-names.ts";
import { configuredKeyring } from "../../src/probe/tls/client-options.ts";
import { ExtensionType } from "../../src/probe/tls/extensions.ts";
import { completableSuites, singleHello } from "../../src/probe/tls/single-hello.ts";
import { Version } from "../../src/probe/tls/versions.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import {
  createIssuer,
  type IssuedCertificate,
  issueDsa,
  type LabServer,
  startOpensslServer,
} from "../lab/openssl.ts";
import { requireTool } from "../tools.ts";

const run = promisify(execFile);

/** Everything that this build has, whatever its settings say. */
const ALL = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";

const VERSIONS = {
  "TLSv1.2": ["-tls1_2", Version.tls12],
  "TLSv1.1": ["-tls1_1", Version.tls11],
  "TLSv1.0": ["-tls1", Version.tls10],
} as const;

type VersionName = keyof typeof VERSIONS;

const versionNames = Object.keys(VERSIONS) as readonly VersionName[];

function derOf({ certificate }: IssuedCertificate): readonly Uint8Array[] {
  const blocks = readPemBlocks(readFileSync(certificate, "utf8"));
  return blocks.ok ? blocks.value.map(({ der }) => new Uint8Array(der)) : [];
}

/** IANA names of the suites that a build of OpenSSL has, with its own names for them. */
async function suitesOf(openssl: string): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await run(openssl, ["ciphers", "-V", "-stdname", ALL]);
  const rows = [...stdout.matchAll(/ - (\S+) +- (\S+) /g)];
  return new Map(rows.map(([, standard = "", own = ""]) => [standard, own]));
}

const SHARED_KEY = "00112233445566778899aabbccddeeff";

t.test("probe() and old versions against openssl s_server", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const directory = t.testdir();
  const issue = createIssuer(openssl, directory);
  const ca = await issue({ name: "ca", keyType: "p256" });
  const leaf = await issue({ name: "rsa", keyType: "rsa", issuer: ca });
  const certificates = {
    rsa: leaf,
    ecdsa: await issue({ name: "ecdsa", keyType: "p256", issuer: ca }),
    dss: await issueDsa(openssl, directory, "dsa"),
  };
  const available = await suitesOf(openssl);

  const start = (
    version: VersionName,
    certificate: IssuedCertificate,
    options: readonly string[] = [],
  ): Promise<LabServer> =>
    startOpensslServer(openssl, certificate, [VERSIONS[version][0], "-cipher", ALL, ...options]);

  const ask = ({ port }: LabServer, options: ProbeOptions): Promise<Handshake> =>
    probe({ scheme: "tls", host: "localhost", port }, { address: "127.0.0.1", ...options });

  /** One handshake with a fresh server. */
  const once = async (
    version: VersionName,
    options: readonly string[],
    probeOptions: ProbeOptions = { shape: singleHello({ version: VERSIONS[version][1] }) },
    certificate: IssuedCertificate = leaf,
  ): Promise<{ readonly record: Handshake; readonly seen: string }> => {
    const server = await start(version, certificate, options);
    try {
      const record = await ask(server, probeOptions);
      if (record.outcome === "complete") await server.process.waitFor(/^CIPHER is .*$/m);
      return { record, seen: server.process.output() };
    } finally {
      await server.process.stop();
    }
  };

  for (const version of versionNames)
    for (const [authentication, certificate] of Object.entries(certificates))
      await t.test(
        `probe() completes every suite of ${version} with a key for ${authentication}`,
        async (t) => {
          const server = await start(version, certificate);
          t.teardown(() => server.process.stop());
          const marker =
            authentication === "rsa"
              ? /^TLS_(?:RSA|DHE_RSA|ECDHE_RSA)_/
              : new RegExp(`E_${authentication}_`, "i");
          const number = VERSIONS[version][1];
          const codes = completableSuites(number).filter((code) => {
            const name = cipherSuiteName(code);
            return marker.test(name) && available.has(name);
          });
          t.ok(codes.length > 1, "there is something to prove");
          let completed = 0;
          for (const code of codes)
            for (const without of [
              [],
              [ExtensionType.encryptThenMac, ExtensionType.extendedMasterSecret],
            ]) {
              const name = cipherSuiteName(code);
              const shape = singleHello({ version: number, cipherSuites: [code], without });
              const record = await ask(server, { shape });
              t.match(
                record,
                { outcome: "complete", version, cipherSuite: name, alert: null },
                `${name} without ${without.join()}: ${record.failure?.message ?? "complete"}`,
              );
              t.match(record.serverHello, {
                extendedMasterSecret: without.length === 0,
                encryptThenMac: without.length === 0 && name.includes("CBC"),
                secureRenegotiation: true,
              });
              t.same(record.certificates, derOf(certificate));
              completed++;
              const own = available.get(name) ?? "";
              const each = new RegExp(
                `(?:^CIPHER is [^]*?){${completed - 1}}^CIPHER is (\\S+)`,
                "m",
              );
              t.equal((await server.process.waitFor(each))[1], own, "as the server sees it");
            }
        },
      );

  const named = (group: string): Promise<string> =>
    run(openssl, ["genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", `group:${group}`]).then(
      ({ stdout }) => stdout,
    );
  const fields: Readonly<
    Record<string, readonly [string | Promise<string>, string | null, number]>
  > = {
    "a prime of 1024 bits and a long generator": [longGenerator(), null, 1024],
    "the 1536 bits of RFC 3526": [named("modp_1536"), null, 1536],
    "the 2048 bits of RFC 7919": [named("ffdhe2048"), "ffdhe2048", 2048],
    "the 3072 bits of RFC 3526": [named("modp_3072"), null, 3072],
    "the 4096 bits of RFC 7919": [named("ffdhe4096"), "ffdhe4096", 4096],
    "the 8192 bits of RFC 3526": [named("modp_8192"), null, 8192],
  };

  for (const [what, [made, group, bits]] of Object.entries(fields))
    await t.test(`probe() completes DHE with ${what}, and records it`, async (t) => {
      const pem = await made;
      const file = join(t.testdir({ "parameters.pem": pem }), "parameters.pem");
      const numbers = Buffer.from(pem.replaceAll(/-----.*/g, ""), "base64").toString("hex");
      for (const version of versionNames) {
        const shape = singleHello({ version: VERSIONS[version][1], cipherSuites: [0x0033] });
        const { record } = await once(version, ["-dhparam", file], { shape });
        t.match(record, { outcome: "complete", group }, record.failure?.message ?? "complete");
        t.match(record.keyExchange, { kind: "dhe", group, bits });
        const { prime, generator } = record.keyExchange?.field ?? { prime: "", generator: "" };
        t.equal(prime.length, bits / 4);
        t.ok(numbers.includes(`${prime}02`), "the server's own prime");
        t.ok(numbers.endsWith(generator) && generator !== "", "the server's own generator");
      }
    });

  for (const version of versionNames) {
    const [, number] = VERSIONS[version];

    await t.test(`probe() completes ${version} with a staple, a ticket and a chain`, async (t) => {
      const staple = Buffer.from("30030a0106", "hex");
      const folder = t.testdir({ "staple.der": staple });
      const { record } = await once(version, [
        "-status_file",
        join(folder, "staple.der"),
        "-cert_chain",
        ca.certificate,
      ]);
      t.match(record, { outcome: "complete", version });
      t.same(record.ocspStaple, new Uint8Array(staple));
      t.same(record.certificates, [...derOf(leaf), ...derOf(ca)]);
      t.match(record.tickets, [{ maxEarlyData: null }]);
      t.ok((record.tickets[0]?.lifetime ?? 0) > 0, "with a lifetime");
    });

    await t.test(`probe() completes ${version} in small records`, async (t) => {
      const { record } = await once(version, [
        "-max_send_frag",
        "512",
        "-cert_chain",
        ca.certificate,
      ]);
      t.match(record, { outcome: "complete", version });
    });

    await t.test(`probe() completes ${version} with ALPN`, async (t) => {
      const shape = singleHello({ version: number });
      const { record } = await once(version, ["-alpn", "h2"], { shape, alpn: ["http/1.1", "h2"] });
      t.match(record, { outcome: "complete", alpn: "h2" });
    });

    await t.test(
      `probe() answers a server of ${version} that asks for a certificate`,
      async (t) => {
        const shape = singleHello({ version: number });
        const strangers = await issue({ name: `strangers-${number}`, keyType: "p256" });
        const identities = {
          rsa: await issue({ name: `client-rsa-${number}`, keyType: "rsa", issuer: ca }),
          ecdsa: await issue({ name: `client-ecdsa-${number}`, keyType: "p384", issuer: ca }),
          stranger: await issue({ name: `stranger-${number}`, keyType: "rsa", issuer: strangers }),
        };
        const asking = ["-CAfile", ca.certificate, "-verify_return_error"];
        const identified = (identity: IssuedCertificate): ProbeOptions => ({
          shape,
          keyring: configuredKeyring({
            chain: derOf(identity),
            key: createPrivateKey(readFileSync(identity.key)),
          }),
        });
        for (const accepted of [identities.rsa, identities.ecdsa]) {
          const { record, seen } = await once(
            version,
            [...asking, "-Verify", "1"],
            identified(accepted),
          );
          t.equal(record.outcome, "complete", record.failure?.message ?? "complete");
          t.match(seen, /^Client certificate$/m);
          t.match(record.certificateRequest?.certificateTypes, [
            "rsa_sign",
            "dss_sign",
            "ecdsa_sign",
          ]);
          t.equal(record.certificateRequest?.authorities.length, 1);
          t.equal(
            (record.certificateRequest?.signatureSchemes.length ?? 0) > 0,
            version === "TLSv1.2",
          );
        }
        const wanted = await once(version, [...asking, "-verify", "1"], { shape });
        t.match(wanted.record, { outcome: "complete", clientCertificateRequested: true });
        const missing = await once(version, [...asking, "-Verify", "1"], { shape });
        t.match(missing.record, {
          outcome: "failed",
          failure: { code: "client-certificate-required" },
          clientCertificateRequested: true,
        });
        t.same(missing.record.certificates[0], derOf(leaf)[0]);
        const wrong = await once(
          version,
          [...asking, "-Verify", "1"],
          identified(identities.stranger),
        );
        t.match(wrong.record, {
          outcome: "failed",
          failure: { code: "client-certificate-refused" },
        });
        t.same(wrong.record.certificates[0], derOf(leaf)[0]);
      },
    );
  }

  await t.test(
    "probe() names every suite that it does not complete, and keeps the certificate",
    async (t) => {
      const server = await start("TLSv1.2", leaf, ["-psk", SHARED_KEY, "-psk_hint", "anyone"]);
      t.teardown(() => server.process.stop());
      const refused: Readonly<Record<string, RegExp>> = {
        TLS_RSA_WITH_NULL_SHA256: /encrypts nothing/,
        TLS_ECDHE_RSA_WITH_NULL_SHA: /encrypts nothing/,
        TLS_DH_anon_WITH_AES_128_GCM_SHA256: /nothing in it proves/,
        TLS_ECDH_anon_WITH_AES_128_CBC_SHA: /nothing in it proves/,
        TLS_PSK_WITH_AES_128_GCM_SHA256: /other means than certificates \(psk\)/,
        TLS_DHE_PSK_WITH_AES_128_GCM_SHA256: /other means than certificates \(psk\)/,
        TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA: /other means than certificates \(psk\)/,
        TLS_RSA_PSK_WITH_AES_128_CBC_SHA: /other means than certificates \(psk\)/,
      };
      const codes = new Map(
        Array.from({ length: 0x1_0000 }, (_, code) => [cipherSuiteName(code), code] as const),
      );
      for (const [name, says] of Object.entries(refused)) {
        const shape = singleHello({
          version: Version.tls12,
          cipherSuites: [codes.get(name) ?? 0],
        });
        const record = await ask(server, { shape });
        t.match(record, {
          outcome: "failed",
          cipherSuite: name,
          version: "TLSv1.2",
          failure: { code: "parameter-unsupported", message: says },
        });
        t.ok(record.failure?.message.startsWith(`Server chose ${name}`));
        const sends = !/anon|_(?:DHE_|ECDHE_)?PSK/.test(name) || name.includes("RSA_PSK");
        t.same(record.certificates, sends ? derOf(leaf) : [], name);
        const kind = name.includes("ECDH") ? "ecdhe" : name.includes("DH") ? "dhe" : null;
        t.equal(record.keyExchange?.kind ?? null, kind, `${name}: key exchange`);
      }
    },
  );

  await t.test("probe() says why a server that is too old cannot be followed", async (t) => {
    const shape = singleHello({ version: Version.tls12 });
    const { record } = await once("TLSv1.1", [], { shape });
    t.match(record, {
      outcome: "failed",
      version: "TLSv1.1",
      failure: {
        code: "version-unsupported",
        message: /^Server selected TLSv1\.1, which was not offered/,
      },
    });
    t.same(record.certificates, derOf(leaf), "its certificate is known all the same");
  });
});

/** Parameters in PEM: the prime of 1024 bits of RFC 2409 and a generator that is as long. */
function longGenerator(): string {
  const prime = getDiffieHellman("modp2").getPrime();
  const generator = 3n ** 999n % BigInt(`0x${prime.toString("hex")}`);
  const hex = (length: number): string => length.toString(16).padStart(2, "0");
  const integer = (digits: string): string => {
    const positive = Number.parseInt(digits.slice(0, 1), 16) < 8 ? digits : `00${digits}`;
    return `0281${hex(positive.length / 2)}${positive}`;
  };
  const numbers =
    integer(prime.toString("hex")) + integer(generator.toString(16).padStart(256, "0"));
  const der = Buffer.from(`308201${hex(numbers.length / 2 - 256)}${numbers}`, "hex");
  return `-----BEGIN DH PARAMETERS-----\n${der.toString("base64")}\n-----END DH PARAMETERS-----\n`;
}
