import { shellWord } from "../../words.ts";
import { namesText } from "../tools/certificate-request.ts";
import type { BothSides, Import } from "../system-remedies.ts";

const MANAGE =
  "In the Policy Manager: Tasks > Certificates, Keys and Secrets > Manage Certificates";

const NO_RESTART = ["No restart: every node of the cluster takes it over by itself"] as const;

/** What a trusted certificate is for, as the Policy Manager and Graphman name it (systems 9). */
interface Purpose {
  readonly flags: string;
  readonly trustedFor: readonly string[];
  readonly isAnchor: boolean;
}

const CA_OF_SERVERS: Purpose = {
  flags:
    "tick 'Signing Certificates for Outbound SSL Connections', and 'Certificate is a Trust Anchor'",
  trustedFor: ["SIGNING_SERVER_CERTS"],
  isAnchor: true,
};

const ONE_SERVER: Purpose = {
  flags:
    "tick 'Outbound SSL Connections', and 'Certificate is a Trust Anchor'; not 'Signing Certificates for Outbound SSL Connections'",
  trustedFor: ["SSL"],
  isAnchor: true,
};

const CA_OF_CLIENTS: Purpose = {
  flags: "tick 'Signing Client Certificates', and 'Certificate is a Trust Anchor'",
  trustedFor: ["SIGNING_CLIENT_CERTS"],
  isAnchor: true,
};

function addSteps(file: string, name: string, purpose: Purpose): readonly string[] {
  return [
    `${MANAGE} > Add > Import from a File: ${file}; name ${name}; ${purpose.flags}`,
    `Or with Graphman, where CERT is what the next command prints: ${mutation(name, purpose)}`,
    `openssl x509 -in ${shellWord(file)} -outform DER | openssl base64 -A`,
  ];
}

/** `name` is an alias made by aliasFor: it needs no escaping. */
function mutation(name: string, { trustedFor, isAnchor }: Purpose): string {
  return `mutation { setTrustedCerts(input: [{name: "${name}", certBase64: "CERT", trustedFor: [${trustedFor.join(", ")}], trustAnchor: ${String(isAnchor)}, verifyHostname: true, revocationCheckPolicyType: USE_DEFAULT}]) { detailedStatus { status description } } }`;
}

/** CA / Layer7 API Gateway: trusted certificates carry flags, without which they count for nothing. */
export const API_GATEWAY: BothSides = {
  title: "API Gateway",
  client: {
    importCa: ({ file, alias, role }: Import) =>
      addSteps(file, alias, role === "ca" ? CA_OF_SERVERS : ONE_SERVER),
    remove: ({ alias, fingerprint }) => [
      `${MANAGE} > ${alias ?? "the certificate"} > Remove, after comparing its SHA-256 fingerprint ${fingerprint}`,
    ],
    useStore: () => [
      "The gateway has one list of trusted certificates; a routing assertion may narrow it (HTTP Routing > Connection > Trusted Server Certificates)",
    ],
    storePassword: (path) => [
      `The gateway keeps its trusted certificates in its database, without a password: ${path} is a copy, whose password only this check needs`,
    ],
    nameAsked: (host) => [
      `${MANAGE} > the certificate that stands for ${host} > Properties: verifyHostname decides whether its names are compared (Graphman: verifyHostname)`,
      "Wildcards count only with the cluster property io.httpsHostAllowWildcard",
    ],
    useIdentity: [
      "In the Policy Manager: Tasks > Certificates, Keys and Secrets > Manage Private Keys > Import, for the key with its whole chain",
      "Then HTTP(S) Routing assertion > right-click > Select Private Key > Use Custom Private Key",
    ],
    restart: NO_RESTART,
  },
  server: {
    installChain: (file) => [
      `In the Policy Manager: Tasks > Certificates, Keys and Secrets > Manage Private Keys > the key of the listen port > Properties > Replace Certificate Chain: ${file}`,
      "Which key it is: Tasks > Transports > Manage Listen Ports > the port > SSL/TLS Settings > Server Private Key",
    ],
    requestCertificate: (request) => [
      `In the Policy Manager: Tasks > Certificates, Keys and Secrets > Manage Private Keys > the key of the listen port > Properties > Generate CSR, with the Subject Alternative Names ${namesText(request)}`,
    ],
    chooseByName: () => [
      "A listen port has one key, whatever name is asked for: Tasks > Transports > Manage Listen Ports > the port > SSL/TLS Settings > Server Private Key",
    ],
    acceptClientCa: (file) => [
      ...addSteps(file, "client-ca", CA_OF_CLIENTS),
      "A Connector Server that the gateway calls back needs 'Signing Certificates for Outbound SSL Connections' as well",
      "In the federated identity provider: add the certificate to its trusted certificates, and compare the subject DN of the federated user with that of the client certificate, attribute by attribute (L included)",
    ],
    restart: NO_RESTART,
  },
};
