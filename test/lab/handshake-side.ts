import { getDiffieHellman } from "node:crypto";
import { findTool } from "../tools.ts";
import { integerBytes, sequence } from "../differential/der-writer.ts";
import { startGnutlsServer } from "./gnutls.ts";
import { type Lab, link } from "./scenarios/lab.ts";
import { startTcpServer } from "./scenarios/odd-servers.ts";
import { hierarchy, HOST, keyPemOf, leaf } from "./scenarios/pki.ts";
import { runScenarios } from "./scenarios/run-scenario.ts";
import { broken, type Estate, fine, type Scenario, works } from "./scenarios/scenario.ts";

const corp = hierarchy("Corp");
const rsaLeaf = leaf(corp.issuing, { key: "rsa-2048-0" });
const LEGACY = "DEFAULT:@SECLEVEL=0";

/** A link with a correct chain and a server that is set up otherwise. */
const serving =
  (server: NonNullable<Parameters<typeof link>[1]["server"]>, own = corp.leaf) =>
  (lab: Lab): Promise<Estate> =>
    link(lab, { sent: [own, corp.issuing], anchors: [corp.root], server });

/** A server that answers every hello with one fatal alert. */
const alerting =
  (code: number) =>
  async (lab: Lab): Promise<Estate> => {
    const { port } = await lab.keep(
      startTcpServer((socket) => {
        socket.once("data", () => socket.end(Uint8Array.of(0x15, 3, 3, 0, 2, 2, code)));
      }),
    );
    return {
      target: `https://${HOST}`,
      host: HOST,
      port,
      store: { path: lab.pem("trust.pem", [corp.root]), password: null },
    };
  };

/** Parameters with the prime of 1024 bits of RFC 2409. */
const smallPrime = (): string => {
  const group = getDiffieHellman("modp2");
  const der = sequence(integerBytes(group.getPrime()), integerBytes(group.getGenerator()));
  return `-----BEGIN DH PARAMETERS-----\n${Buffer.from(der).toString("base64")}\n-----END DH PARAMETERS-----\n`;
};

const SCENARIOS: readonly Scenario[] = [
  {
    id: "E1",
    title: "the server speaks TLS 1.1 at most",
    build: serving({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: LEGACY }, rsaLeaf),
    expected: broken("handshake.version"),
    says: ["negotiates TLSv1.1"],
  },
  {
    id: "E2",
    title: "the server speaks TLS 1.3 only, and the client does not know it",
    build: serving({ minVersion: "TLSv1.3" }),
    expected: broken("handshake.client-too-old"),
    profiles: ["gskit"],
    says: ["negotiates TLSv1.3"],
  },
  {
    id: "E3",
    title: "the server has one exotic cipher suite",
    build: serving(
      {
        maxVersion: "TLSv1.2",
        ciphers: "ECDHE-RSA-CAMELLIA128-SHA256:@SECLEVEL=0",
      },
      rsaLeaf,
    ),
    expected: broken("handshake.no-common-parameters"),
  },
  {
    id: "E4",
    title: "the server knows no key exchange but static RSA",
    build: serving({ maxVersion: "TLSv1.2", ciphers: "AES128-GCM-SHA256:AES128-SHA" }, rsaLeaf),
    expected: broken("handshake.static-rsa"),
    except: { "openssl-3": fine, "nodejs-24": fine, go: fine },
    // the JDK at hand may be older than the update that refuses it
    realClients: ["openssl-3", "nodejs-24"],
  },
  {
    id: "E5",
    title: "the server's Diffie-Hellman prime has 1024 bits",
    build: serving(
      {
        maxVersion: "TLSv1.2",
        ciphers: "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0",
        dhparam: smallPrime(),
      },
      rsaLeaf,
    ),
    expected: broken("handshake.weak-key-exchange"),
    except: {
      "openjdk-17": works("handshake.weak-key-exchange"),
      "openjdk-17-sunx509": works("handshake.weak-key-exchange"),
      go: broken("handshake.no-common-parameters"),
    },
  },
  {
    id: "E6",
    title: "the server has one group that hardly anybody offers",
    build: serving(
      {
        maxVersion: "TLSv1.2",
        ecdhCurve: "brainpoolP256r1",
        ciphers: LEGACY.replace("DEFAULT", "ECDHE"),
      },
      rsaLeaf,
    ),
    expected: broken("handshake.no-common-group"),
    profiles: ["openjdk-17", "go"],
  },
  {
    id: "E7",
    title: "the server's key is on a curve that no client offers",
    build: serving(
      { maxVersion: "TLSv1.2", ciphers: LEGACY },
      leaf(corp.issuing, { key: "brainpoolP256r1" }),
    ),
    expected: broken("handshake.no-common-signature"),
    // Go does not read the certificate either
    except: { go: broken("handshake.no-common-signature", { "chain.malformed": "critical" }) },
  },
  {
    id: "E8",
    title: "the server refuses the server name",
    build: alerting(112),
    expected: broken("handshake.name-unrecognised"),
  },
  {
    id: "E9",
    title: "the server does not know secure renegotiation",
    build: async (lab) => {
      const chain = lab.pem("chain.pem", [rsaLeaf, corp.issuing]);
      const key = lab.write("server.key", keyPemOf(rsaLeaf));
      const { port, process } = await startGnutlsServer(
        findTool("gnutlsServ") ?? "gnutls-serv",
        { certificate: chain, key },
        ["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2:%DISABLE_SAFE_RENEGOTIATION", "--echo"],
      );
      await lab.keep(Promise.resolve({ close: () => process.stop() }));
      return {
        target: `https://${HOST}`,
        host: HOST,
        port,
        store: { path: lab.pem("trust.pem", [corp.root]), password: null },
      };
    },
    expected: broken("handshake.insecure-renegotiation"),
    except: { "openjdk-17": fine, go: fine },
    profiles: ["openjdk-17", "openssl-3", "nodejs-24", "go"],
    realClients: ["openssl-3", "nodejs-24"],
  },
  ...(
    [
      [80, "internal_error", "means that it failed itself"],
      [49, "access_denied", "a rule"],
      [50, "decode_error", "could not read the hello"],
    ] as const
  ).map(([code, name, says]): Scenario => ({
    id: `E10-${name}`,
    title: `the server answers with ${name}`,
    build: alerting(code),
    expected: broken("handshake.alert"),
    says: [says],
  })),
];

runScenarios("handshake", SCENARIOS);
