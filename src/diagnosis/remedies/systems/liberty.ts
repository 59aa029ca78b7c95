import { shellWord } from "../../words.ts";
import { keytoolRequest } from "../tools/certificate-request.ts";
import { insertInto, removeFrom } from "../tools/store-file.ts";
import type { BothSides } from "../system-remedies.ts";

const RESTART = [
  'Restart the server (server stop NAME, server start NAME); with updateTrigger="polled" at the keyStore it reloads by itself, and messages.log says CWPKI0811I',
] as const;

/** `jks` at the end of a location forces the type, whatever is written. */
function storeType(path: string): string {
  return /jks$/i.test(path) ? "JKS" : "PKCS12";
}

/** WebSphere Liberty and Open Liberty, the Process Federation Server included (systems 4 and 5). */
export const LIBERTY: BothSides = {
  title: "Liberty",
  client: {
    importCa: (job) => [
      ...insertInto(job),
      `Or without touching the file: cert_ID=${job.file} in server.env, where ID is the id of the keyStore element; Liberty adds it at the start (CWPKI0830I)`,
    ],
    remove: removeFrom,
    useStore: (path) => [
      `In server.xml: <keyStore id="outTrust" location="${xml(path)}" type="${storeType(path)}" password="\${env.TRUST_PW}"/>`,
      'In server.xml: <ssl id="outbound" keyStoreRef="defaultKeyStore" trustStoreRef="outTrust" verifyHostname="true"/> and <sslDefault outboundSSLRef="outbound"/>',
      "Without trustStoreRef the key store is the truststore; a location that ends in jks is opened as JKS whatever type says",
      'For public CAs: trustDefaultCerts="true" at the ssl element adds the cacerts of the JVM',
    ],
    storePassword: (path) => [
      `In server.xml, its includes or configDropins/overrides, which win: the password of the keyStore element whose location is ${path}; the default store takes it from keystore_password in server.env`,
      "A value in {aes} is read with wlp.password.encryption.key: CWWKS1857E says that it was made with another one. The next command asks for the password and prints a new value",
      "securityUtility encode --encoding=aes",
    ],
    useIdentity: [
      'In server.xml: <keyStore id="clientKeys" location="client.p12" type="PKCS12" password="${env.CLIENT_PW}"/>',
      'In the outbound ssl element: keyStoreRef="clientKeys" clientKeyAlias="ALIAS", or <outboundConnection host="HOST" port="PORT" clientCertificate="ALIAS"/>, which needs transportSecurity-1.0',
    ],
    nameAsked: (host) => [
      `Until the certificate has the name: skipHostnameVerificationForHosts="${host}" at the outbound ssl element leaves out this host alone, in newer levels; verifyHostname is on from 24.0.0.9, and stays on`,
    ],
    restart: RESTART,
  },
  server: {
    installChain: (file) => [
      `keytool -importcert -alias ALIAS -file ${shellWord(file)} -keystore resources/security/key.p12`,
      "ALIAS is the entry with the private key (serverKeyAlias of the ssl element, default without one)",
    ],
    requestCertificate: (request) => [
      keytoolRequest("ALIAS", "resources/security/key.p12", request),
    ],
    chooseByName: () => [
      "An httpEndpoint has one certificate: serverKeyAlias of the ssl element that sslRef of its sslOptions names (sslDefault without one)",
    ],
    acceptClientCa: (file) => [
      `keytool -importcert -trustcacerts -alias client-ca -file ${shellWord(file)} -keystore TRUSTSTORE`,
      'TRUSTSTORE is the trustStoreRef of the inbound ssl element, which has clientAuthentication="true" or clientAuthenticationSupported="true"',
    ],
    restart: RESTART,
  },
};

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
