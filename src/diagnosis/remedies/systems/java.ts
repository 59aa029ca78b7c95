import { insertInto, removeFrom } from "../tools/store-file.ts";
import { keytoolRequest } from "../tools/certificate-request.ts";
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
    storePassword: () => [
      "-Djavax.net.ssl.trustStorePassword where the JVM is started (jvm.options, a systemd unit, the service's registry), or the password with which the program opens the store itself",
    ],
    useIdentity: [
      "Start the JVM with -Djavax.net.ssl.keyStore=FILE, -Djavax.net.ssl.keyStoreType=PKCS12 and -Djavax.net.ssl.keyStorePassword from a protected place",
    ],
    nameAsked: () => [],
    restart: ["Restart the client, or let it reload its truststore"],
  },
  server: {
    installChain: (file) => [
      `keytool -importcert -alias ALIAS -file ${shellWord(file)} -keystore KEYSTORE`,
      "ALIAS is the entry that holds the private key: keytool takes the file as the CA's reply and stores the whole chain with the key",
    ],
    requestCertificate: (request) => [
      keytoolRequest("ALIAS", "KEYSTORE", request),
      "ALIAS is the entry with the private key: list them with keytool -list -keystore KEYSTORE",
    ],
    chooseByName: () => [
      "A Java server takes an entry of its keystore with a key of the right type, unless the program or an alias chooses one: keep one private key in it",
    ],
    acceptClientCa: (file) => [
      `keytool -importcert -trustcacerts -alias client-ca -file ${shellWord(file)} -keystore TRUSTSTORE`,
      "TRUSTSTORE is the server's truststore (javax.net.ssl.trustStore)",
    ],
    restart: ["Restart the server"],
  },
};
