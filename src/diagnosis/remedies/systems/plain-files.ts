import { shellWord } from "../../words.ts";
import { insertInto, removeFrom, toPem } from "../tools/store-file.ts";
import type { ClientOnly, ClientRemedies } from "../system-remedies.ts";

const OPENSSL_CLIENT: ClientRemedies = {
  importCa: (job) => insertInto(job),
  remove: removeFrom,
  useStore: (path) => [
    `Give the program ${path} as its file of CAs: SSL_CERT_FILE=${shellWord(path)}, or its own option (curl --cacert, Python cafile)`,
  ],
  storePassword: (path) => [
    "In the program's own option, where it opens the file itself; or write the certificates as PEM, which needs no password:",
    toPem(path),
  ],
  nameAsked: (host) => [
    `To reach another address by the right name: curl --resolve ${host}:PORT:ADDRESS; openssl s_client -connect ADDRESS:PORT -servername ${host}`,
  ],
  useIdentity: [
    "Give the program the certificate with its chain, and the key, in PEM (curl --cert FILE --key FILE)",
  ],
  restart: ["Restart the client, or let it reload its truststore"],
};

/** A program on OpenSSL, or any other that reads PEM files. */
export const OPENSSL: ClientOnly = {
  title: "OpenSSL",
  client: OPENSSL_CLIENT,
};

/** Node.js reads NODE_EXTRA_CA_CERTS once, when it starts. */
export const NODEJS: ClientOnly = {
  title: "Node.js",
  client: {
    ...OPENSSL_CLIENT,
    useStore: (path) => [
      `Start it with NODE_EXTRA_CA_CERTS=${shellWord(path)}, or give the option ca of tls.connect the certificates`,
    ],
    useIdentity: ["Give tls.connect or https.Agent the options cert (with the chain) and key"],
    storePassword: (path) => [
      "NODE_EXTRA_CA_CERTS takes PEM, without a password; a PKCS#12 file goes into the option pfx, with passphrase",
      toPem(path),
    ],
    nameAsked: (host) => [
      `The option servername of tls.connect is the name that is asked for and compared, where it differs from ${host}`,
    ],
    restart: ["Restart the program: NODE_EXTRA_CA_CERTS is read once, at the start"],
  },
};
