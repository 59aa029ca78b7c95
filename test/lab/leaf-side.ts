import { createServer } from "node:https";
import { createSecureContext } from "node:tls";
import type { CertificateSpec } from "../differential/certificate-spec.ts";
import { certificatePolicies, rawExtension } from "../differential/extension-specs.ts";
import { type Lab, link } from "./scenarios/lab.ts";
import {
  HOST,
  hierarchy,
  intermediate,
  keyPemOf,
  leaf,
  pemOf,
  PURPOSES,
  root,
  USAGES,
  labName,
} from "./scenarios/pki.ts";
import { runScenarios } from "./scenarios/run-scenario.ts";
import { startClockServer } from "./scenarios/odd-servers.ts";
import { broken, type Estate, fine, type Scenario, works } from "./scenarios/scenario.ts";

const DAY = 86_400_000;

const corp = hierarchy("Corp");
const other = hierarchy("Other");
const anchors = [corp.root];

/** A link whose server sends one certificate of the usual authority. */
const linkTo =
  (own: CertificateSpec, more: Partial<Parameters<typeof link>[1]> = {}) =>
  (lab: Lab): Promise<Estate> =>
    link(lab, { sent: [own, corp.issuing], anchors, ...more });

const named = (...names: readonly string[]): CertificateSpec => leaf(corp.issuing, { names });

/** A server with a default certificate and one for each of its names, as virtual hosts are. */
const virtualHosts = (
  fallback: CertificateSpec,
  hosts: Readonly<Record<string, CertificateSpec>>,
) => ({
  sent: [fallback, corp.issuing],
  anchors,
  server: {
    SNICallback: (
      name: string,
      done: (error: Error | null, context?: ReturnType<typeof createSecureContext>) => void,
    ): void => {
      const own = hosts[name] ?? fallback;
      done(null, createSecureContext({ cert: pemOf(own, corp.issuing), key: keyPemOf(own) }));
    },
  },
});

/** An HTTPS server whose clock is off by some days. */
async function serveWithClock(lab: Lab, own: CertificateSpec, days: number): Promise<Estate> {
  const server = createServer(
    { cert: pemOf(own, corp.issuing), key: keyPemOf(own) },
    (_request, response) => {
      response.setHeader("Date", new Date(Date.now() + days * DAY).toUTCString());
      response.end();
    },
  );
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  await lab.keep(
    Promise.resolve({
      close: () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    }),
  );
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return {
    target: `https://${HOST}`,
    host: HOST,
    port: address.port,
    store: { path: lab.pem("trust.pem", anchors), password: null },
    arguments: ["--request", "/"],
  };
}

/** A revocation list of an authority; `revoked` are on it. */
async function revocationList(
  lab: Lab,
  name: string,
  authority: CertificateSpec,
  revoked: readonly CertificateSpec[],
): Promise<string> {
  const lines = revoked.map(
    ({ serial }) =>
      `R\t490101000000Z\t260101000000Z,keyCompromise\t${Buffer.from(serial).toString("hex").toUpperCase()}\tunknown\t/CN=x\n`,
  );
  const index = lab.write(`${name}.txt`, lines.join(""));
  const config = lab.write(
    `${name}.cnf`,
    `[ca]\ndefault_ca=d\n[d]\ndatabase=${index}\ndefault_md=sha256\ndefault_crl_days=7\n`,
  );
  const list = lab.path(`${name}.crl`);
  await lab.openssl(
    "ca",
    "-gencrl",
    "-config",
    config,
    "-out",
    list,
    "-keyfile",
    lab.write(`${name}.key`, keyPemOf(authority)),
    "-cert",
    lab.pem(`${name}.pem`, [authority]),
  );
  return list;
}

const expired = leaf(corp.issuing, { from: -400, until: -5 });
const early = leaf(corp.issuing, { from: 10 });
const soon = leaf(corp.issuing, { until: 10 });
const dyingIssuing = intermediate("Dying Issuing", corp.root, { until: 3 });
const dyingRoot = root("Dying Root", { until: 20 });
const ofDyingRoot = intermediate("Of Dying Root", dyingRoot);
const wildcard = named("*.lab.example");
const nameless = leaf(corp.issuing, { names: [], subject: labName(HOST) });
const publicLeaf = leaf(corp.issuing, {
  from: -10,
  until: 600,
  extensions: [certificatePolicies(["2.23.140.1.2.1"])],
});
/** TLS feature status_request (RFC 7633). */
const demanding = leaf(corp.issuing, {
  extensions: [
    rawExtension(
      "1.3.6.1.5.5.7.1.24",
      false,
      Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x05),
      "tlsFeature",
    ),
  ],
});
const rsaLeaf = (usages: readonly number[]): CertificateSpec =>
  leaf(corp.issuing, { key: "rsa-2048-0", usages });

const SCENARIOS: readonly Scenario[] = [
  {
    id: "C1",
    title: "the server's certificate has expired",
    build: linkTo(expired),
    expected: broken("leaf.expired"),
  },
  {
    id: "C2",
    title: "the server's certificate is not valid yet",
    build: linkTo(early),
    expected: broken("leaf.not-yet-valid"),
  },
  {
    id: "C3",
    title: "the certificate is not valid yet, but by the clock of the server it is",
    build: (lab) => serveWithClock(lab, early, 20),
    expected: broken("leaf.client-clock"),
    realClients: [],
  },
  {
    id: "C3-expired",
    title: "the certificate has expired, but by the clock of the server it has not",
    build: (lab) => serveWithClock(lab, expired, -20),
    expected: broken("leaf.client-clock"),
    realClients: [],
  },
  {
    id: "C3-hello",
    title: "the certificate has expired, but by the clock in the server's hellos it has not",
    build: async (lab) => {
      const estate = await linkTo(expired)(lab);
      const { port } = await lab.keep(startClockServer(estate.port, -20 * DAY));
      return { ...estate, port };
    },
    expected: broken("leaf.client-clock"),
    realClients: [],
  },
  {
    id: "C4",
    title: "the server's certificate expires soon",
    build: linkTo(soon),
    expected: works("leaf.expiring"),
  },
  {
    id: "C4-intermediate",
    title: "an intermediate expires soon",
    build: (lab) => link(lab, { sent: [leaf(dyingIssuing), dyingIssuing], anchors }),
    expected: works("chain.intermediate-expiring"),
  },
  {
    id: "C4-anchor",
    title: "the anchor expires soon",
    build: (lab) => link(lab, { sent: [leaf(ofDyingRoot), ofDyingRoot], anchors: [dyingRoot] }),
    expected: works("truststore.anchor-expiring"),
    profiles: ["openssl-3", "nodejs-24", "go"],
  },
  {
    id: "C5",
    title: "the name is none of the certificate's",
    build: linkTo(named("portal.lab.example", "api.lab.example")),
    expected: broken("name.mismatch"),
    says: ["is for portal.lab.example, api.lab.example, not for service.lab.example"],
  },
  {
    id: "C5-misspelt",
    title: "the name differs from the certificate's in a letter",
    build: linkTo(named("servise.lab.example")),
    expected: broken("name.mismatch"),
    says: ["the nearest is servise.lab.example, which differs in 1 letter"],
  },
  {
    id: "C5-label",
    title: "the name lacks a label of the certificate's",
    build: linkTo(named("service.prod.lab.example")),
    expected: broken("name.mismatch"),
    says: ["the nearest is service.prod.lab.example, which has the further label prod"],
  },
  {
    id: "C6",
    title: "the server has no virtual host of that name and answers with its default certificate",
    build: (lab) =>
      link(
        lab,
        virtualHosts(named("default.hosting.example"), {
          "shop.lab.example": named("shop.lab.example"),
        }),
      ),
    expected: broken("name.default-host"),
    says: ["for default.hosting.example"],
  },
  {
    id: "C7",
    title: "the name stands in the CN only",
    build: linkTo(nameless),
    expected: works("name.common-name-only"),
    except: { go: broken("name.common-name-only") },
  },
  {
    id: "C8",
    title: "the client connects by an address that the certificate lacks",
    build: linkTo(named(HOST), { host: "127.0.0.1" }),
    expected: broken("name.address-not-covered"),
  },
  {
    id: "C9",
    title: "the address is written as a DNS name",
    build: linkTo(named("127.0.0.1", HOST), { host: "127.0.0.1" }),
    expected: broken("name.address-as-dns-name"),
  },
  {
    id: "C10-deep",
    title: "a wildcard stands for one label",
    build: linkTo(wildcard, { host: "a.service.lab.example" }),
    expected: broken("name.wildcard"),
    says: ["the asterisk stands for one label, not for 2"],
  },
  {
    id: "C10-apex",
    title: "a wildcard does not cover the domain itself",
    build: linkTo(wildcard, { host: "lab.example" }),
    expected: broken("name.wildcard"),
    says: ["does not cover the domain itself"],
  },
  {
    id: "C10-partial",
    title: "a wildcard for part of a label",
    build: linkTo(named("serv*.lab.example")),
    expected: broken("name.wildcard"),
    profiles: ["go"],
    says: ["for a whole label only"],
  },
  {
    id: "C11",
    title: "the extended key usage is for clients only",
    build: linkTo(leaf(corp.issuing, { purposes: [PURPOSES.client] })),
    expected: broken("leaf.extended-key-usage"),
  },
  {
    id: "C12-signature",
    title: "the key usage does not allow signatures, as ECDHE needs them",
    build: linkTo(rsaLeaf([USAGES.keyEncipherment])),
    expected: broken("leaf.key-usage"),
    except: { "openssl-3": fine, "nodejs-24": fine, go: fine },
  },
  {
    id: "C13",
    title: "the server's certificate is revoked",
    build: async (lab) =>
      link(lab, {
        sent: [corp.leaf, corp.issuing],
        anchors,
        arguments: [
          "--crl",
          await revocationList(lab, "issuing", corp.issuing, [corp.leaf]),
          "--crl",
          await revocationList(lab, "root", corp.root, []),
        ],
      }),
    expected: broken("chain.revoked"),
    profiles: ["openjdk-17", "openssl-3"],
    realClients: [],
  },
  {
    id: "C14",
    title: "a client that insists on revocation lists has none of this authority",
    build: async (lab) =>
      link(lab, {
        sent: [corp.leaf, corp.issuing],
        anchors,
        arguments: ["--crl", await revocationList(lab, "other", other.issuing, [])],
      }),
    expected: broken("chain.revocation-unknown"),
    profiles: ["openjdk-17", "openssl-3"],
    realClients: [],
  },
  {
    id: "C15",
    title: "the certificate demands a staple and the server sends none",
    build: linkTo(demanding),
    expected: works("leaf.staple-missing"),
  },
  {
    id: "C16",
    title: "a public certificate lives too long and is not logged",
    build: linkTo(publicLeaf),
    expected: works("leaf.lifetime", { "leaf.transparency": "info" }),
  },
  {
    id: "C18",
    title: "a client that checks no name hides that the name does not fit",
    build: linkTo(named("portal.lab.example"), { arguments: ["--name-check", "none"] }),
    // the framework counts a name that does not fit as not accepted
    expected: broken("name.unchecked-mismatch"),
    realClients: [],
  },
];

runScenarios("leaf", SCENARIOS);
