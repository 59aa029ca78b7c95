import t from "tap";
import { TOMCAT } from "../../../src/estate/systems/tomcat/importer.ts";
import { CERTIFICATES, pemOf } from "./certificates.ts";
import { importFiles } from "./import-files.ts";

t.test("TOMCAT.read() derives connectors of present and older versions", async (t) => {
  const { lines } = await importFiles(t, TOMCAT, {
    "conf/server.xml": `<?xml version='1.0' encoding='utf-8'?>
<Server port="8005"><Service name="Catalina">
  <Connector port="8080" protocol="HTTP/1.1"/>
  <Connector port="\${https.port}" SSLEnabled="true" address="0.0.0.0">
    <SSLHostConfig certificateVerification="required" protocols="TLSv1.2+TLSv1.3" truststoreFile="conf/ca.pem" truststorePassword="\${trust.pw}" truststoreType="PKCS12">
      <Certificate certificateKeystoreFile="\${catalina.base}/conf/me.pem" certificateKeystorePassword="changeit" certificateKeystoreType="PKCS12" type="RSA"/>
    </SSLHostConfig>
    <SSLHostConfig hostName="im.example.com" certificateVerification="optional">
      <Certificate certificateFile="conf/cert.pem" certificateKeyFile="conf/key.pem"/>
    </SSLHostConfig>
  </Connector>
  <Connector port="8445" SSLEnabled="true" clientAuth="want" keystoreFile="conf/\${not.set}.jks" sslEnabledProtocols="TLSv1.2"/>
  <Connector port="\${other:-8446}" SSLEnabled="true" clientAuth="true" keystoreFile="conf/none.jks"/>
</Service></Server>
`,
    "conf/catalina.properties": "https.port=8443\r\ntrust.pw=changeit\r\n",
    "conf/ca.pem": pemOf(CERTIFICATES.provisioningCa),
    "conf/me.pem": pemOf(CERTIFICATES.bpmEast),
    "bin/setenv.sh": `# -Djavax.net.ssl.trustStore=/not/this
export CATALINA_OPTS="-Xmx1g -Djavax.net.ssl.trustStore=conf/ca.pem -Djavax.net.ssl.trustStorePassword=changeit -Djdk.tls.client.protocols=TLSv1.2"
`,
  });
  t.strictSame(lines, [
    'listens "https:8443" https://localhost:8443 @conf/server.xml:4:14, clientAuth required @conf/server.xml:5:20, protocols ["TLSv1.2","TLSv1.3"] @conf/server.xml:5:55',
    'listens "im.example.com:8443" https://im.example.com:8443 @conf/server.xml:4:14, clientAuth requested @conf/server.xml:8:46',
    'listens "https:8445" https://localhost:8445 @conf/server.xml:12:14, clientAuth requested @conf/server.xml:12:44, protocols ["TLSv1.2"] @conf/server.xml:12:97',
    'listens "https:8446" https://localhost:8446 @conf/server.xml:13:14, clientAuth required @conf/server.xml:13:54',
    'store "client-cas" conf/ca.pem @conf/server.xml:5:83, password {"kind":"config","pa… @conf/server.xml:5:112',
    'store "" conf/ca.pem @bin/setenv.sh:2:30, password {"kind":"config","pa… @bin/setenv.sh:2:69',
    'client "" openjdk-21 trusts "", nameCheck https @default, protocols ["TLSv1.2"] @bin/setenv.sh:2:113',
    "note conf/server.xml:4:14 The configuration does not say under which name others reach this listener, so localhost is taken; name it with --host or host:",
    "note conf/server.xml:12:14 The configuration does not say under which name others reach this listener, so localhost is taken; name it with --host or host:",
    "note conf/server.xml:13:14 The configuration does not say under which name others reach this listener, so localhost is taken; name it with --host or host:",
    "info estate.default-password conf/server.xml:5:112 The password of truststoreFile is one that everybody knows",
    "warning estate.store-type-differs conf/server.xml:5:145 truststoreFile is declared as PKCS12, and conf/ca.pem is PEM",
    "info estate.default-password conf/server.xml:6:75 The password of certificateKeystoreFile is one that everybody knows",
    "warning estate.store-type-differs conf/server.xml:6:114 certificateKeystoreFile is declared as PKCS12, and conf/me.pem is PEM",
    "warning estate.unresolved-variable conf/server.xml:12:62 certificateKeystoreFile holds not.set, which is not set, and is left out",
    "info estate.client-auth-unconfigured conf/server.xml:13:54 Client certificates are required, and no truststore is named: the JVM's own decides, with every public authority in it",
    "info estate.default-password conf/server.xml:13:72 No password of the keystore is named, so it is Tomcat's default, which everybody knows",
    "warning estate.store-unusable conf/server.xml:13:72 The store of certificateKeystoreFile, conf/none.jks, is of no use: File not found",
    "info estate.default-password bin/setenv.sh:2:69 The password of javax.net.ssl.trustStore is one that everybody knows",
  ]);
});
