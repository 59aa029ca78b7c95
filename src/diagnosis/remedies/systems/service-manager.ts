import { shellWord } from "../../words.ts";
import { keytoolRequest } from "../tools/certificate-request.ts";
import { insertInto, removeFrom } from "../tools/store-file.ts";
import { windowsWord } from "../tools/windows-word.ts";
import type { BothSides, ClientOnly } from "../system-remedies.ts";

const RESTART = ["Restart the Service Manager server (smstop, smstart)"] as const;

/** The server of HP / Micro Focus / OpenText Service Manager: RUN/sm.ini (systems 10.1). */
export const SERVICE_MANAGER: BothSides = {
  title: "Service Manager",
  client: {
    importCa: (job) => [
      ...insertInto(job),
      `Check that truststoreFile in RUN/sm.ini names this store (${job.store.path ?? "a copy of cacerts"}), and truststorePass its password; relative paths begin in RUN`,
    ],
    remove: removeFrom,
    useStore: (path) => [`In RUN/sm.ini: truststoreFile:${path}, with truststorePass`],
    storePassword: (path) => [
      `In RUN/sm.ini: truststorePass, which belongs to truststoreFile (${path}); keystorePass belongs to keystoreFile, ssl_trustedClientsPwd to ssl_trustedClientsJKS`,
    ],
    nameAsked: () => [],
    useIdentity: ["In RUN/sm.ini: keystoreFile:server.keystore, with keystorePass"],
    restart: RESTART,
  },
  server: {
    installChain: (file) => [
      `keytool -importcert -alias smserver -file ${shellWord(file)} -keystore RUN/server.keystore`,
      "smserver is the entry with the private key in the store that keystoreFile in RUN/sm.ini names; its CN or SAN is the full name of the host",
    ],
    requestCertificate: (request) => [keytoolRequest("smserver", "RUN/server.keystore", request)],
    chooseByName: () => [
      "It presents the key entry of the store that keystoreFile in RUN/sm.ini names, whatever name is asked for; every servlet process has its own port",
    ],
    acceptClientCa: (file) => [
      `keytool -importcert -trustcacerts -alias client-ca -file ${shellWord(file)} -keystore RUN/cacerts`,
      "RUN/cacerts stands for the store that truststoreFile in RUN/sm.ini names",
      "With ssl_reqClientAuth:2 import the client's own certificate into the store of ssl_trustedClientsJKS (trustedclients.keystore) as well",
    ],
    restart: RESTART,
  },
};

/** The web tier: a web application with stores in WEB-INF (systems 10.2). */
export const SERVICE_MANAGER_WEB_TIER: ClientOnly = {
  title: "Service Manager web tier",
  client: {
    importCa: (job) => [
      ...insertInto(job),
      "Check that the init-param cacerts in WEB-INF/web.xml names this store (/WEB-INF/cacerts)",
    ],
    remove: removeFrom,
    useStore: (path) => [`In WEB-INF/web.xml: the init-param cacerts with the value ${path}`],
    storePassword: (path) => [
      `Keep ${path} a JKS file: the web tier is given no password for cacerts, and a JKS file opens without one; keystorePassword belongs to its own keystore`,
    ],
    nameAsked: (host) => [
      `The name asked for is the init-param serverHost in WEB-INF/web.xml, now ${host}: write the name there that the certificate carries`,
    ],
    useIdentity: [
      "In WEB-INF/web.xml: the init-param keystore with the value /WEB-INF/webtier.keystore; its password is keystorePassword, from 9.34p2 in WEB-INF/webtier.properties",
      "With ssl_reqClientAuth:2 its certificate must be in the server's trustedclients.keystore as well",
    ],
    restart: ["Restart the web application"],
  },
};

/** The Windows (Eclipse) client. */
export const SERVICE_MANAGER_WINDOWS: ClientOnly = {
  title: "Service Manager Windows client",
  client: {
    importCa: ({ file, alias, store }) => [
      `keytool -importcert -trustcacerts -alias ${alias} -file ${windowsWord(file)} -keystore ${windowsWord(store.path ?? "cacerts")}`,
      "Then in the client: Window > Preferences > Service Manager > Security > CA certificates file",
    ],
    remove: removeFrom,
    useStore: (path) => [
      `In the client: Window > Preferences > Service Manager > Security > CA certificates file: ${path}`,
    ],
    storePassword: (path) => [
      `In the client: Window > Preferences > Service Manager > Security: CA certificates file ${path}, and the password of the client keystore beside it`,
    ],
    nameAsked: () => [
      "The name asked for is that of the server in the client's connection; a fresh install suppresses the alert about a wrong name, so that a connection proves nothing",
    ],
    useIdentity: [
      "In the client: Window > Preferences > Service Manager > Security > Client keystore file and password",
    ],
    restart: ["Restart the client"],
  },
};
