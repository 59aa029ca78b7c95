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

t.test(
  "TOMCAT.read() derives the directories of realms, and the name check of the JVM",
  async (t) => {
    const { lines } = await importFiles(t, TOMCAT, {
      "conf/server.xml": `<Server><Service name="Catalina"><Engine>
  <Realm className="org.apache.catalina.realm.LockOutRealm">
    <Realm className="org.apache.catalina.realm.JNDIRealm" connectionURL="ldaps://\${dir.host} ldaps://ldap-2.example.com:1636" alternateURL="ldap://ldap-3.example.com"/>
    <Realm className="org.apache.catalina.realm.JNDIRealm" connectionURL="ldap://ldap-4.example.com" useStartTls="true"/>
    <Realm className="org.apache.catalina.realm.JNDIRealm" connectionURL="ldap://ldap-5.example.com:3636" protocol="ssl"/>
    <Realm className="org.apache.catalina.realm.JNDIRealm" connectionURL="ldaps://\${unset}:636"/>
  </Realm>
  <Realm className="org.apache.catalina.realm.UserDatabaseRealm"/>
</Engine></Service></Server>
`,
      "conf/catalina.properties": "dir.host=ldap-1.example.com\n",
      "conf/ca.pem": pemOf(CERTIFICATES.corporateRoot),
      "bin/setenv.sh": `export CATALINA_OPTS="-Djavax.net.ssl.trustStore=conf/ca.pem -Dcom.sun.jndi.ldap.object.disableEndpointIdentification=true"\n`,
    });
    t.strictSame(lines, [
      'dials "ldap-1.example.com:636" ldaps://ldap-1.example.com:636 @conf/server.xml:3:60',
      'dials "ldap-2.example.com:1636" ldaps://ldap-2.example.com:1636 @conf/server.xml:3:60',
      'dials "ldap-4.example.com:389" ldap://ldap-4.example.com:389 @conf/server.xml:4:60',
      'dials "ldap-5.example.com:3636" ldaps://ldap-5.example.com:3636 @conf/server.xml:5:60',
      'store "" conf/ca.pem @bin/setenv.sh:1:23',
      'store "realm" conf/ca.pem @bin/setenv.sh:1:23',
      'client "" openjdk-21 trusts "", nameCheck https @default',
      'client "realm" openjdk-21 trusts "realm", nameCheck none @bin/setenv.sh:1:62',
      'link "realm" -> "ldap-1.example.com:636"',
      'link "realm" -> "ldap-2.example.com:1636"',
      'link "realm" -> "ldap-4.example.com:389"',
      'link "realm" -> "ldap-5.example.com:3636"',
      "note conf/server.xml:3:128 The realm dials ldap-3.example.com:389 without TLS",
      "warning estate.name-check-off bin/setenv.sh:1:62 The JVM does not check the names of LDAPS servers: com.sun.jndi.ldap.object.disableEndpointIdentification is set",
      "warning estate.unresolved-variable conf/server.xml:6:60 connectionURL of the realm holds unset, which is not set, and is left out",
    ]);
  },
);

t.test(
  "TOMCAT.read() judges directories with the JVM of JAVA_HOME where no option names a truststore",
  async (t) => {
    const { lines } = await importFiles(t, TOMCAT, {
      "conf/server.xml": `<Server><Service name="Catalina"><Engine><Realm className="org.apache.catalina.realm.JNDIRealm" connectionURL="ldaps://ldap-1.example.com"/></Engine></Service></Server>
`,
      "bin/setenv.sh": `JAVA_HOME=/opt/jdk17\n`,
    });
    t.strictSame(lines, [
      'dials "ldap-1.example.com:636" ldaps://ldap-1.example.com:636 @conf/server.xml:1:97',
      'store "realm" java-home:/opt/jdk17 @bin/setenv.sh:1:1',
      'client "realm" openjdk-21 trusts "realm", nameCheck ldaps @default',
      'link "realm" -> "ldap-1.example.com:636"',
    ]);
  },
);
