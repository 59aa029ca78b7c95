import { shellWord } from "../../words.ts";
import { insertInto, removeFrom } from "../tools/store-file.ts";
import { windowsWord } from "../tools/windows-word.ts";
import type { BothSides, ClientOnly } from "../system-remedies.ts";

const RESTART = [
  "Restart the Connector Server (service im_jcs restart; on Windows the service Identity Manager - Connector Server (Java))",
] as const;

const SSL_KEYSTORE = "cs_home/jcs/conf/ssl.keystore";

/** CA Identity Manager Connector Server (systems 8). */
export const CONNECTOR_SERVER: BothSides = {
  title: "Connector Server",
  client: {
    importCa: (job) => [
      `In the console, https://HOST:20443/main: Certificates > Add: name ${job.alias}, file ${job.file}`,
      ...(job.store.path === null
        ? [
            `Or in the file: keytool -importcert -trustcacerts -alias ${job.alias} -file ${shellWord(job.file)} -keystore ${SSL_KEYSTORE}`,
          ]
        : ["Or in the file:", ...insertInto(job)]),
      "It verifies its endpoints only with connectorSSLVerifyPeer=true in conf/override; without that it accepts any certificate",
    ],
    remove: removeFrom,
    useStore: (path) => [
      `In conf/override: connectorClientCertStore=${path}, with connectorClientCertStoreType and connectorClientCertStorePassword; values there win and survive upgrades`,
    ],
    useIdentity: [
      "The client certificate is the entry eta2_server of conf/ssl.keystore; connectorClientCertStore in conf/override names another store",
    ],
    restart: RESTART,
  },
  server: {
    installChain: (file) => [
      `keytool -importcert -alias eta2_server -file ${shellWord(file)} -keystore ${SSL_KEYSTORE}`,
      "eta2_server is the entry with the private key: keytool stores the whole chain with it",
    ],
    acceptClientCa: (file) => [
      `keytool -importcert -trustcacerts -alias client-ca -file ${shellWord(file)} -keystore ${SSL_KEYSTORE}`,
    ],
    restart: RESTART,
  },
};

const XPRESS_CACERTS = "<install>\\jvm\\lib\\security\\cacerts";

/** Connector Xpress: a Windows program with a JVM of its own. */
export const CONNECTOR_XPRESS: ClientOnly = {
  title: "Connector Xpress",
  client: {
    importCa: ({ file, alias, store }) => [
      `keytool -importcert -trustcacerts -alias ${alias} -file ${windowsWord(file)} -keystore ${windowsWord(store.path ?? XPRESS_CACERTS)}`,
      `The store is the cacerts of its own JVM, ${XPRESS_CACERTS}; run the keytool in <install>\\jvm\\bin as administrator`,
    ],
    remove: ({ alias, store, fingerprint }) => [
      alias === null
        ? `Remove the certificate with the SHA-256 fingerprint ${fingerprint} from ${store.path ?? XPRESS_CACERTS}`
        : `keytool -delete -alias ${windowsWord(alias)} -keystore ${windowsWord(store.path ?? XPRESS_CACERTS)}`,
    ],
    useStore: () => [`It reads ${XPRESS_CACERTS} and nothing else; import the CA there`],
    useIdentity: ["Connector Xpress sends no certificate of its own"],
    restart: ["Restart Connector Xpress"],
  },
};
