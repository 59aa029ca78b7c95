import type { CertificateSpec } from "../differential/certificate-spec.ts";
import {
  certificatePolicies,
  type GeneralNameSpec,
  nameConstraints,
  unknownExtension,
} from "../differential/extension-specs.ts";
import { attribute, nameOf } from "../differential/names.ts";
import { type Lab, link, STORE_PASSWORD } from "./scenarios/lab.ts";
import {
  hierarchy,
  HOST,
  intermediate,
  keyPemOf,
  labName,
  leaf,
  pemOf,
  PURPOSES,
  root,
  selfSigned,
  type Wishes,
} from "./scenarios/pki.ts";
import { runScenarios } from "./scenarios/run-scenario.ts";
import { type Estate, fine, type Scenario, type StoreFile } from "./scenarios/scenario.ts";

const corp = hierarchy("Corp");
const other = hierarchy("Other");
const anchors = [corp.root];

/** A server's certificate below the usual CA, with something unusual about it. */
const oddLeaf = (wishes: Wishes & { readonly host?: string }) => ({
  sent: [leaf(corp.issuing, wishes), corp.issuing],
  anchors,
});

/** A chain of so many CAs below a root. */
function ladder(
  title: string,
  steps: number,
): Pick<Parameters<typeof link>[1], "sent" | "anchors"> {
  const top = root(`${title} Root`);
  const cas: CertificateSpec[] = [];
  let issuer = top;
  for (let step = 1; step <= steps; step++) {
    issuer = intermediate(`${title} ${step}`, issuer);
    cas.unshift(issuer);
  }
  return { sent: [leaf(issuer), ...cas], anchors: [top] };
}

const manyNames = Array.from({ length: 90 }, (_, index) => `name-${index}.lab.example`);
const address: GeneralNameSpec = { kind: "ip", octets: [127, 0, 0, 1] };
const v6: GeneralNameSpec = {
  kind: "ip",
  octets: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
};

/** A client certificate that a server accepts, as files. */
async function mutual(lab: Lab, required: boolean): Promise<Estate> {
  const clients = root("Clients Root");
  const own = leaf(clients, { host: "client.lab.example", purposes: [PURPOSES.client] });
  const certificate = lab.pem("client.pem", [own]);
  const key = lab.write("client.key", keyPemOf(own));
  const keystore: StoreFile = { path: lab.path("client.p12"), password: STORE_PASSWORD };
  await lab.openssl(
    "pkcs12",
    "-export",
    "-in",
    certificate,
    "-inkey",
    key,
    "-out",
    keystore.path,
    "-passout",
    `pass:${STORE_PASSWORD}`,
  );
  return {
    ...(await link(lab, {
      sent: [corp.leaf, corp.issuing],
      anchors,
      server: {
        requestCert: true,
        rejectUnauthorized: required,
        ca: pemOf(clients),
      },
    })),
    identity: { keystore, certificate, key },
    arguments: ["--cert", certificate, "--key", key],
  };
}

const healthy = (
  id: string,
  title: string,
  wishes: Parameters<typeof link>[1],
  more: Partial<Scenario> = {},
): Scenario => ({
  id: `healthy-${id}`,
  title,
  build: (lab) => link(lab, wishes),
  expected: fine,
  ...more,
});

const crossed = intermediate("Corp Root", other.root);
const rsaRoot = root("RSA Root", { key: "rsa-2048-0" });
const rsaIssuing = intermediate("RSA Issuing", rsaRoot, { key: "rsa-2048-1" });
const renewedRoot = root("Corp Root", { from: -10, until: 5000 });
const constrained = intermediate("Constrained", corp.root, {
  extensions: [nameConstraints([{ base: { kind: "dns", text: "lab.example" } }], [])],
});
const own = selfSigned();
const usual = { sent: [corp.leaf, corp.issuing], anchors } as const;

const WITHOUT_SIMPLE = { profiles: ["openjdk-17", "openssl-3", "nodejs-24", "go"] } as const;

const ESTATES: readonly Scenario[] = [
  healthy("plain", "nothing odd at all", usual),
  healthy("direct", "a certificate directly below the root", {
    sent: [leaf(corp.root)],
    anchors,
  }),
  healthy("root-sent", "the root is sent", { ...usual, sent: [...usual.sent, corp.root] }),
  healthy("ladder-3", "three intermediates", ladder("Three", 3)),
  healthy("ladder-5", "five intermediates", ladder("Five", 5)),
  healthy(
    "cross-new",
    "a cross-certificate is sent, and the client has the new root",
    {
      sent: [...usual.sent, crossed],
      anchors,
    },
    WITHOUT_SIMPLE,
  ),
  healthy("cross-old", "a cross-certificate is sent, and the client has the old root", {
    sent: [...usual.sent, crossed],
    anchors: [other.root],
  }),
  healthy("cross-both", "a cross-certificate is sent, and the client has both roots", {
    sent: [...usual.sent, crossed],
    anchors: [corp.root, other.root],
  }),
  healthy("renewed-root", "the root was renewed with its key", {
    ...usual,
    anchors: [renewedRoot],
  }),
  healthy("two-roots", "the root and its renewal are both in the store", {
    ...usual,
    anchors: [corp.root, renewedRoot],
  }),
  healthy("rekeyed-root", "the old and the new key of the root are both in the store", {
    ...usual,
    anchors: [root("Corp Root", { key: "p384" }), corp.root],
  }),
  healthy("wildcard", "a wildcard", oddLeaf({ names: ["*.lab.example"] })),
  healthy("address", "a connection by address", {
    ...oddLeaf({ names: [HOST, address] }),
    host: "127.0.0.1",
  }),
  healthy("address-v6", "a connection by IPv6 address", {
    ...oddLeaf({ names: [HOST, v6] }),
    host: "::1",
  }),
  healthy("many-names", "ninety names", oddLeaf({ names: [...manyNames, HOST] })),
  healthy("other-subject", "a subject without the name", oddLeaf({ subject: labName("Team 7") })),
  healthy(
    "long-subject",
    "a subject of many parts with special characters",
    oddLeaf({
      subject: nameOf(
        attribute("C", "DE", "printable"),
        attribute("ST", 'Nordrhein "Westfalen"'),
        attribute("O", "Müller, Söhne + Co; <GmbH>"),
        attribute("CN", HOST),
      ),
    }),
  ),
  healthy("both-purposes", "a certificate for servers and clients", {
    ...oddLeaf({ purposes: [PURPOSES.server, PURPOSES.client] }),
  }),
  healthy("no-purposes", "a certificate without extended key usage", oddLeaf({ purposes: null })),
  healthy("no-usages", "a certificate without key usage", oddLeaf({ usages: null })),
  healthy("no-identifiers", "certificates without key identifiers", {
    sent: [leaf(corp.issuing, { identifiers: false }), corp.issuing],
    anchors,
  }),
  healthy("extension", "an unknown extension that is not critical", {
    ...oddLeaf({ extensions: [unknownExtension(false)] }),
  }),
  healthy("policies", "certificate policies", {
    ...oddLeaf({ extensions: [certificatePolicies(["2.23.140.1.2.2", "1.3.6.1.4.1.99999.5"])] }),
  }),
  healthy(
    "constrained",
    "name constraints that permit the name",
    { sent: [leaf(constrained), constrained], anchors },
    WITHOUT_SIMPLE,
  ),
  healthy("rsa", "RSA keys", { sent: [leaf(rsaIssuing), rsaIssuing], anchors: [rsaRoot] }),
  healthy("mixed-keys", "an elliptic leaf below an RSA CA", {
    sent: [leaf(rsaIssuing, { key: "p521" }), rsaIssuing],
    anchors: [rsaRoot],
  }),
  healthy("tls-1.2", "a server of TLS 1.2 only", {
    ...usual,
    server: { maxVersion: "TLSv1.2" },
  }),
  healthy("tls-1.3", "a server of TLS 1.3 only", { ...usual, server: { minVersion: "TLSv1.3" } }),
  healthy("self-signed", "a self-signed certificate that is imported", {
    sent: [own],
    anchors: [own],
  }),
  {
    id: "healthy-mutual",
    title: "a client certificate that the server requires and accepts",
    build: (lab) => mutual(lab, true),
    expected: fine,
  },
  {
    id: "healthy-mutual-optional",
    title: "a client certificate that the server may have",
    build: (lab) => mutual(lab, false),
    expected: fine,
  },
  {
    id: "healthy-jks",
    title: "a JKS store of keytool with many entries, and Java clients",
    build: async (lab) => ({
      ...(await link(lab, usual)),
      javaStore: await lab.javaStore("trust.jks", {
        first: other.root,
        second: rsaRoot,
        third: renewedRoot,
        fourth: corp.root,
      }),
    }),
    expected: fine,
  },
];

runScenarios("healthy", ESTATES);
