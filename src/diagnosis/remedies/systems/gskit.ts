import { shellWord } from "../../words.ts";
import { gskRequest } from "../tools/certificate-request.ts";
import { gskReceive } from "../tools/gskcapicmd.ts";
import { insertInto, removeFrom } from "../tools/store-file.ts";
import type { BothSides, ClientOnly, ClientRemedies } from "../system-remedies.ts";

const GSKIT_CLIENT: ClientRemedies = {
  importCa: (job) => insertInto(job),
  remove: removeFrom,
  useStore: (path) => [
    `Point the program to the key database ${path}, with its stash file beside it`,
  ],
  storePassword: (path) => [
    "Write the stash file anew: the next command asks for the password and writes it beside the key database",
    `gskcapicmd -keydb -stashpw -db ${shellWord(path)}`,
  ],
  useIdentity: [
    "Import key and certificate with their chain: gskcapicmd -cert -import -file CLIENT.p12 -target KEY.kdb, and make it the default with gskcapicmd -cert -setdefault",
  ],
  nameAsked: () => [],
  restart: ["Restart the program: GSKit reads a key database once"],
};

/** A program that uses IBM GSKit. */
export const GSKIT: ClientOnly = { title: "GSKit", client: GSKIT_CLIENT };

const IHS_RESTART = [
  "apachectl -k graceful",
  "The web server plug-in reads its key database (plugin-key.kdb) at the same time",
] as const;

/** IBM HTTP Server: `KeyFile` is key and trust store in one, for proxied connections too (systems 6). */
export const IBM_HTTP_SERVER: BothSides = {
  title: "IBM HTTP Server",
  client: {
    ...GSKIT_CLIENT,
    useStore: (path) => [
      `In httpd.conf: KeyFile ${path}, with SSLStashFile; in plugin-cfg.xml: <Property Name="keyring" Value="${path}"/> of the Transport`,
    ],
    useIdentity: [
      "Import key and certificate into the key database, and name the label: certLabel of the Transport in plugin-cfg.xml, or the default certificate for SSLProxyEngine",
    ],
    storePassword: (path) => [
      ...GSKIT_CLIENT.storePassword(path),
      "It is the file of SSLStashFile in httpd.conf (the KeyFile's name with .sth without one), and of the property stashfile of the Transport in plugin-cfg.xml",
    ],
    nameAsked: (host) => [
      `The name asked for is the Hostname of the Transport in plugin-cfg.xml, or the host of ProxyPass in httpd.conf: ${host}`,
    ],
    restart: IHS_RESTART,
  },
  server: {
    installChain: (file) => [
      "Add every CA certificate of the chain to the key database first, the root included, so that the server can send it",
      `gskcapicmd -cert -add -db KEY.kdb -stashed -label CA -file CA.pem -format ascii -trust enable`,
      gskReceive(file, "KEY.kdb"),
      "Name its label in SSLServerCert, or make it the default: gskcapicmd -cert -setdefault -db KEY.kdb -stashed -label LABEL",
    ],
    requestCertificate: (request) => [gskRequest("KEY.kdb", request)],
    chooseByName: (host) => [
      `SSLServerCert LABEL in the virtual host with ServerName ${host}; the first virtual host of an address and port decides on the handshake`,
    ],
    acceptClientCa: (file) => [
      `gskcapicmd -cert -add -db KEY.kdb -stashed -label client-ca -file ${shellWord(file)} -format ascii -trust enable`,
      "KEY.kdb is the KeyFile of the virtual host with SSLClientAuth",
    ],
    restart: IHS_RESTART,
  },
};
