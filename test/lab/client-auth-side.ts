import { createServer } from "node:https";
import type { CertificateSpec } from "../differential/certificate-spec.ts";
import { encodeName } from "../differential/names.ts";
import { findTool } from "../tools.ts";
import { startOpensslServer } from "./openssl.ts";
import { type Lab, STORE_PASSWORD } from "./scenarios/lab.ts";
import {
  hierarchy,
  HOST,
  keyPemOf,
  labName,
  leaf,
  pemOf,
  PURPOSES,
  root,
} from "./scenarios/pki.ts";
import { startGnutls, type StartMutualServer, startNginx } from "./scenarios/mutual-servers.ts";
import { runScenarios } from "./scenarios/run-scenario.ts";
import {
  broken,
  type Estate,
  fine,
  type Identity,
  type Scenario,
  works,
} from "./scenarios/scenario.ts";

const corp = hierarchy("Corp");
const people = root("People Root");
const strangers = root("Strangers Root");

/** A client's certificate. */
const person = (
  issuer: CertificateSpec,
  wishes: Parameters<typeof leaf>[1] = {},
): CertificateSpec =>
  leaf(issuer, {
    subject: labName("robot"),
    names: [],
    purposes: [PURPOSES.client],
    ...wishes,
  });

/** Files of a client's certificate with those that it sends along. */
async function identityOf(lab: Lab, ...chain: readonly CertificateSpec[]): Promise<Identity> {
  const [own] = chain;
  if (own === undefined) throw new Error("An identity needs a certificate");
  const certificate = lab.pem("client.pem", chain);
  const key = lab.write("client.key", keyPemOf(own));
  const path = lab.path("client.p12");
  await lab.openssl(
    "pkcs12",
    "-export",
    "-in",
    certificate,
    "-inkey",
    key,
    "-name",
    "client",
    "-passout",
    `pass:${STORE_PASSWORD}`,
    "-out",
    path,
  );
  return { keystore: { path, password: STORE_PASSWORD }, certificate, key };
}

const estateOf = (lab: Lab, port: number, identity?: Identity): Estate => ({
  target: `https://${HOST}`,
  host: HOST,
  port,
  store: { path: lab.pem("trust.pem", [corp.root]), password: null },
  ...(identity === undefined
    ? {}
    : { identity, arguments: ["--cert", identity.certificate, "--key", identity.key] }),
});

/** OpenSSL's server, which words its refusal in alerts. */
async function insisting(
  lab: Lab,
  options: readonly string[],
  own: readonly CertificateSpec[] = [],
): Promise<Estate> {
  const { port, process } = await startOpensslServer(
    findTool("openssl") ?? "openssl",
    {
      certificate: lab.pem("server.pem", [corp.leaf]),
      key: lab.write("server.key", keyPemOf(corp.leaf)),
    },
    [
      "-cert_chain",
      lab.pem("chain.pem", [corp.issuing]),
      "-Verify",
      "3",
      "-verify_return_error",
      ...options,
    ],
  );
  await lab.keep(Promise.resolve({ close: () => process.stop() }));
  return estateOf(lab, port, own.length === 0 ? undefined : await identityOf(lab, ...own));
}

/** Such a server with a list of the authorities that it accepts. */
const accepting =
  (version: "tls1_2" | "tls1_3", own: readonly CertificateSpec[] = [], authorities = [people]) =>
  (lab: Lab): Promise<Estate> =>
    insisting(lab, [`-${version}`, "-CAfile", lab.pem("clients.pem", authorities)], own);

/** The same without a list, so that clients cannot tell that their certificate does not fit. */
const unlisted =
  (own: readonly CertificateSpec[]) =>
  (lab: Lab): Promise<Estate> =>
    insisting(lab, ["-tls1_3", "-verifyCAfile", lab.pem("clients.pem", [people])], own);

/** An HTTPS server that asks for a certificate and leaves the refusal to its application. */
async function application(
  lab: Lab,
  answer: (hasCertificate: boolean) => number,
  own: readonly CertificateSpec[] = [],
): Promise<Estate> {
  const server = createServer(
    {
      cert: pemOf(corp.leaf, corp.issuing),
      key: keyPemOf(corp.leaf),
      ca: pemOf(people),
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      const { authorized } = request.socket as { readonly authorized?: boolean };
      response.writeHead(answer(authorized === true)).end();
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
  const estate = estateOf(
    lab,
    address.port,
    own.length === 0 ? undefined : await identityOf(lab, ...own),
  );
  return { ...estate, arguments: [...(estate.arguments ?? []), "--request", "/"] };
}

/** Authorities whose names fill the list up to where Windows cuts it. */
function manyAuthorities(): CertificateSpec[] {
  const specs: CertificateSpec[] = [];
  let length = 0;
  for (let index = 0; length < 16_000; index++) {
    const spec = root(`Authority ${index} ${"of a very long name ".repeat(12)}`, { key: "p256-0" });
    specs.push(spec);
    length += encodeName(spec.subject).length + 2;
  }
  return specs;
}

/** Clients that wait for what the server says after the handshake; s_client often ends before the alert is there. */
const PROMPT = ["openjdk-17", "nodejs-24"] as const;

const CLIENTS = ["openjdk-17", "openssl-3", "nodejs-24", "go"] as const;

/** A server of the kind that asks for a request, with the certificate of the client that comes. */
const serving =
  (start: StartMutualServer, own: readonly CertificateSpec[] = []) =>
  async (lab: Lab): Promise<Estate> => {
    const port = await start(lab, {
      certificate: lab.pem("server.pem", [rsaServer, corp.issuing]),
      key: lab.write("server.key", keyPemOf(rsaServer)),
      authorities: lab.pem("clients.pem", [people]),
    });
    const estate = estateOf(
      lab,
      port,
      own.length === 0 ? undefined : await identityOf(lab, ...own),
    );
    const request = ["--request", "/", "--request-method", "GET"];
    return { ...estate, arguments: [...(estate.arguments ?? []), ...request] };
  };

/** GnuTLS does not read the EC keys of the pool, which leave the public key out. */
const rsaServer = leaf(corp.issuing, { key: "rsa-2048-0" });
const expiredPerson = person(people, { from: -100, until: -5 });

const SCENARIOS: readonly Scenario[] = [
  {
    id: "F1-nginx",
    title: "nginx requires a certificate and none is sent",
    build: serving(startNginx),
    expected: broken("client-auth.required"),
    says: ["after the handshake it answers 400"],
    profiles: CLIENTS,
    realClients: [],
  },
  {
    id: "F3-nginx",
    title: "nginx does not accept the CA of the certificate",
    build: serving(startNginx, [person(strangers)]),
    expected: broken("client-auth.no-match"),
    except: { "openssl-3": broken("client-auth.unknown-ca") },
    profiles: ["openjdk-17", "openssl-3"],
    realClients: [],
  },
  {
    id: "F4-nginx",
    title: "nginx refuses an expired certificate",
    build: serving(startNginx, [expiredPerson]),
    expected: broken("client-auth.expired"),
    profiles: ["openjdk-17", "openssl-3"],
    realClients: [],
  },
  {
    id: "F-ok-nginx",
    title: "nginx accepts the certificate",
    build: serving(startNginx, [person(people)]),
    expected: fine,
    profiles: CLIENTS,
    realClients: [],
  },
  {
    id: "F2-gnutls",
    title: "GnuTLS requires a certificate and none is sent",
    build: serving(startGnutls),
    expected: broken("client-auth.required"),
    profiles: CLIENTS,
    realClients: [],
  },
  {
    id: "F3-gnutls",
    title: "GnuTLS does not accept the CA of the certificate",
    build: serving(startGnutls, [person(strangers)]),
    expected: broken("client-auth.no-match"),
    except: { "openssl-3": broken("client-auth.unknown-ca") },
    profiles: ["openjdk-17", "openssl-3"],
    realClients: [],
  },
  {
    id: "F4-gnutls",
    title: "GnuTLS refuses an expired certificate",
    build: serving(startGnutls, [expiredPerson]),
    expected: broken("client-auth.expired"),
    profiles: ["openjdk-17", "openssl-3"],
    realClients: [],
  },
  {
    id: "F-ok-gnutls",
    title: "GnuTLS accepts the certificate",
    build: serving(startGnutls, [person(people)]),
    expected: fine,
    profiles: CLIENTS,
    realClients: [],
  },
  {
    id: "F1",
    title: "a certificate is required and none is sent, TLS 1.2",
    build: accepting("tls1_2"),
    expected: broken("client-auth.required"),
    says: ["it accepts CN=People Root"],
    profiles: CLIENTS,
    // the alert may be overtaken by the end of the connection
    realClients: ["openssl-3"],
  },
  {
    id: "F2",
    title: "a certificate is required and none is sent, TLS 1.3",
    build: accepting("tls1_3"),
    expected: broken("client-auth.required"),
    says: ["with its first read"],
    profiles: CLIENTS,
    realClients: [...PROMPT, "go"],
  },
  {
    id: "F3",
    title: "the certificate is of a CA that the server does not accept",
    build: unlisted([person(strangers)]),
    expected: broken("client-auth.unknown-ca"),
    says: [/Strangers Root.* issued it/],
    profiles: CLIENTS,
    realClients: PROMPT,
  },
  {
    id: "F4",
    title: "the client's certificate has expired",
    build: unlisted([person(people, { from: -100, until: -5 })]),
    expected: broken("client-auth.expired"),
    profiles: CLIENTS,
    realClients: PROMPT,
  },
  {
    id: "F5",
    title:
      "no issuer of the client's certificate is on the server's list, so that Java and Go send none",
    build: accepting("tls1_3", [person(strangers)]),
    expected: broken("client-auth.no-match"),
    except: {
      "openssl-3": broken("client-auth.unknown-ca"),
      "nodejs-24": broken("client-auth.unknown-ca"),
    },
    profiles: CLIENTS,
    realClients: PROMPT,
  },
  {
    id: "F6",
    title: "the client's certificate is one for servers",
    build: unlisted([person(people, { purposes: [PURPOSES.server] })]),
    expected: broken("client-auth.unsupported"),
    profiles: ["openssl-3", "nodejs-24", "go"],
    realClients: PROMPT,
  },
  {
    id: "F7",
    title: "the client does not send the intermediate above its certificate",
    // the server itself sends the intermediate that it misses
    build: (lab) =>
      insisting(
        lab,
        ["-tls1_3", "-verifyCAfile", lab.pem("clients.pem", [corp.root])],
        [person(corp.issuing)],
      ),
    expected: broken("client-auth.chain-incomplete"),
    says: ["without the intermediate Corp Issuing"],
    profiles: CLIENTS,
    realClients: PROMPT,
  },
  {
    id: "F8",
    title: "the key belongs to another certificate",
    build: async (lab) => {
      const estate = await accepting("tls1_3", [person(people, { key: "p384" })])(lab);
      const other = lab.write("other.key", keyPemOf(people));
      return {
        ...estate,
        arguments: ["--cert", estate.identity?.certificate ?? "", "--key", other],
      };
    },
    expected: broken("client-auth.key-mismatch"),
    says: [/other\.key does not belong to the certificate in .*client\.pem/],
    profiles: CLIENTS,
    realClients: [],
  },
  {
    id: "F8-alias",
    title: "the keystore has no entry of the configured alias, and the server goes on without",
    build: async (lab) => {
      const estate = await application(lab, () => 200, [person(people)]);
      const keystore = estate.identity?.keystore.path ?? "";
      const words = ["--keystore-password", "env:LAB_KEYSTORE_PASSWORD", "--alias", "robot"];
      process.env["LAB_KEYSTORE_PASSWORD"] = STORE_PASSWORD;
      return { ...estate, arguments: ["--keystore", keystore, ...words] };
    },
    expected: broken("client-auth.key-mismatch"),
    says: ['No private key has the alias "robot"; there is "client"'],
    profiles: ["openjdk-17"],
    realClients: [],
  },
  {
    id: "F9",
    title: "the server's list of CAs is as long as Windows lets it be",
    build: accepting("tls1_3", [person(strangers)], manyAuthorities()),
    expected: broken("client-auth.authorities-truncated"),
    profiles: ["openjdk-17", "go"],
    realClients: [],
  },
  {
    id: "F10",
    title: "the server asks for a certificate and does without",
    build: (lab) => application(lab, () => 200),
    expected: fine,
    profiles: CLIENTS,
    realClients: [],
  },
  {
    id: "F10-later",
    title:
      "the server completes the handshake and refuses the request of a client without certificate",
    build: (lab) => application(lab, (hasCertificate) => (hasCertificate ? 200 : 400)),
    expected: broken("client-auth.required"),
    says: ["after the handshake it answers 400"],
    profiles: CLIENTS,
    realClients: [],
  },
  {
    id: "F11",
    title: "the certificate is accepted, and the application does not know the client",
    build: (lab) => application(lab, () => 403, [person(people)]),
    expected: works("client-auth.not-listed"),
    profiles: CLIENTS,
    realClients: [],
  },
  {
    id: "F-ok",
    title: "the certificate is accepted",
    build: (lab) =>
      application(lab, (hasCertificate) => (hasCertificate ? 200 : 403), [person(people)]),
    expected: fine,
    profiles: CLIENTS,
    realClients: [],
  },
];

runScenarios("client certificates", SCENARIOS);
