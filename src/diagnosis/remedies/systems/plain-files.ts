import { shellWord } from "../../words.ts";
import { insertInto, removeFrom } from "../tools/store-file.ts";
import type { ClientOnly, ClientRemedies } from "../system-remedies.ts";

const OPENSSL_CLIENT: ClientRemedies = {
  importCa: (job) => insertInto(job),
  remove: removeFrom,
  useStore: (path) => [
    `Give the program ${path} as its file of CAs: SSL_CERT_FILE=${shellWord(path)}, or its own option (curl --cacert, Python cafile)`,
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
    restart: ["Restart the program: NODE_EXTRA_CA_CERTS is read once, at the start"],
  },
};
