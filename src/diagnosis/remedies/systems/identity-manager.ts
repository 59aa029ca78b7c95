import { shellWord } from "../../words.ts";
import { keytoolRequest } from "../tools/certificate-request.ts";
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
    storePassword: (path) => [
      `In cs_home/jcs/conf/override: connectorClientCertStorePassword, for the store that connectorClientCertStore names (${path}); values there win over server_osgi_jcs.xml`,
    ],
    useIdentity: [
      "The client certificate is the entry eta2_server of conf/ssl.keystore; connectorClientCertStore in conf/override names another store",
    ],
    nameAsked: () => [
      "The Connector Server compares no names, and certificates only with connectorSSLVerifyPeer=true",
    ],
    restart: RESTART,
  },
  server: {
    installChain: (file) => [
      `keytool -importcert -alias eta2_server -file ${shellWord(file)} -keystore ${SSL_KEYSTORE}`,
      "eta2_server is the entry with the private key: keytool stores the whole chain with it",
    ],
    requestCertificate: (request) => [keytoolRequest("eta2_server", SSL_KEYSTORE, request)],
    chooseByName: () => [
      `It presents the entry eta2_server of ${SSL_KEYSTORE}, whatever name is asked for`,
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
    storePassword: () => [
      `It opens ${XPRESS_CACERTS} without a password, as its JVM does: a JKS file or a PKCS#12 file without encryption works, and only keytool asks for the password`,
    ],
    nameAsked: () => [],
    useIdentity: ["Connector Xpress sends no certificate of its own"],
    restart: ["Restart Connector Xpress"],
  },
};
