import { insertInto, removeFrom } from "../tools/store-file.ts";
import { shellWord } from "../../words.ts";
import type { BothSides } from "../system-remedies.ts";

/** Any Java program, as client or server, that names its stores by system properties (failure-catalogue 2.3). */
export const JAVA: BothSides = {
  title: "Java",
  client: {
    importCa: (job) => insertInto(job),
    remove: removeFrom,
    useStore: (path) => [
      `Start the JVM with -Djavax.net.ssl.trustStore=${path}, and with -Djavax.net.ssl.trustStorePassword from a protected place; without the option it looks into jssecacerts, then cacerts`,
    ],
    useIdentity: [
      "Start the JVM with -Djavax.net.ssl.keyStore=FILE, -Djavax.net.ssl.keyStoreType=PKCS12 and -Djavax.net.ssl.keyStorePassword from a protected place",
    ],
    restart: ["Restart the client, or let it reload its truststore"],
  },
  server: {
    installChain: (file) => [
      `keytool -importcert -alias ALIAS -file ${shellWord(file)} -keystore KEYSTORE`,
      "ALIAS is the entry that holds the private key: keytool takes the file as the CA's reply and stores the whole chain with the key",
    ],
    acceptClientCa: (file) => [
      `keytool -importcert -trustcacerts -alias client-ca -file ${shellWord(file)} -keystore TRUSTSTORE`,
      "TRUSTSTORE is the server's truststore (javax.net.ssl.trustStore)",
    ],
    restart: ["Restart the server"],
  },
};
