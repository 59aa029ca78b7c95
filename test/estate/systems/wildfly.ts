import t from "tap";
import { WILDFLY } from "../../../src/estate/systems/wildfly/importer.ts";
import { CERTIFICATES, pemOf } from "./certificates.ts";
import { importFiles } from "./import-files.ts";

t.test("WILDFLY.read() derives Elytron, the port offset and client contexts", async (t) => {
  const { lines } = await importFiles(
    t,
    WILDFLY,
    {
      "standalone/configuration/standalone.xml": `<?xml version="1.0" ?>
<server xmlns="urn:jboss:domain:20.0">
  <management><management-interfaces><http-interface ssl-context="web"><socket-binding https="management-https"/></http-interface></management-interfaces></management>
  <profile>
    <subsystem xmlns="urn:wildfly:elytron:18.0"><tls>
      <key-stores>
        <key-store name="ks"><credential-reference clear-text="changeit"/><implementation type="PKCS12"/><file path="im.pem" relative-to="jboss.server.config.dir"/></key-store>
        <key-store name="ts"><credential-reference store="cs" alias="ts"/><file path="\${trust.dir:stores}/ca.pem" relative-to="jboss.server.config.dir"/></key-store>
        <key-store name="lost"><file path="x.p12" relative-to="some.other.dir"/></key-store>
      </key-stores>
      <key-managers><key-manager name="km" key-store="ks" alias-filter="im"><credential-reference clear-text="changeit"/></key-manager></key-managers>
      <trust-managers><trust-manager name="tm" key-store="ts"/></trust-managers>
      <server-ssl-contexts><server-ssl-context name="web" protocols="TLSv1.2 TLSv1.3" key-manager="km" trust-manager="tm" need-client-auth="true"/>
        <server-ssl-context name="open" key-manager="km" want-client-auth="true"/></server-ssl-contexts>
      <client-ssl-contexts><client-ssl-context name="out" trust-manager="tm" key-manager="km" protocols="TLSv1.2"/><client-ssl-context name="bare"/></client-ssl-contexts>
    </tls></subsystem>
    <subsystem xmlns="urn:jboss:domain:undertow:14.0"><server><https-listener name="https" socket-binding="https" ssl-context="web"/>
      <https-listener name="second" socket-binding="fixed" ssl-context="open" verify-client="NOT_REQUESTED"/>
      <https-listener name="own" socket-binding="absent" ssl-context="applicationSSC"/></server></subsystem>
  </profile>
  <socket-binding-group name="standard-sockets" default-interface="public" port-offset="\${jboss.socket.binding.port-offset:100}">
    <socket-binding name="https" port="\${jboss.https.port:8443}"/><socket-binding name="fixed" port="8444" fixed-port="true"/>
    <socket-binding name="management-https" port="9993"/>
    <outbound-socket-binding name="dir"><remote-destination host="ldap.example.com" port="636"/></outbound-socket-binding>
    <outbound-socket-binding name="mail"><remote-destination host="mail.example.com" port="25"/></outbound-socket-binding>
  </socket-binding-group>
</server>
`,
      "standalone/configuration/im.pem": pemOf(CERTIFICATES.bpmEast),
      "standalone/configuration/stores/ca.pem": pemOf(CERTIFICATES.provisioningCa),
    },
    { host: "im.example.com" },
  );
  t.strictSame(lines, [
    'listens "https" https://im.example.com:8543 @standalone/configuration/standalone.xml:22:34, clientAuth required @standalone/configuration/standalone.xml:13:123, protocols ["TLSv1.2","TLSv1.3"] @standalone/configuration/standalone.xml:13:59',
    'listens "second" https://im.example.com:8444 @standalone/configuration/standalone.xml:22:96, clientAuth none @standalone/configuration/standalone.xml:18:79',
    'listens "management" https://im.example.com:10093 @standalone/configuration/standalone.xml:23:45, clientAuth required @standalone/configuration/standalone.xml:13:123, protocols ["TLSv1.2","TLSv1.3"] @standalone/configuration/standalone.xml:13:59',
    'dials "ldap.example.com:636" ldaps://ldap.example.com:636 @standalone/configuration/standalone.xml:24:61',
    'store "tm" standalone/configuration/stores/ca.pem @standalone/configuration/standalone.xml:8:81',
    'client "out" openjdk-17 trusts "tm", nameCheck https @default, protocols ["TLSv1.2"] @standalone/configuration/standalone.xml:15:95, keystore standalone/configuration/im.pem @standalone/configuration/standalone.xml:7:112, password {"kind":"config","pa… @standalone/configuration/standalone.xml:7:52',
    "note standalone/configuration/standalone.xml:8:30 The password is in a credential store, which is not read; give it in the estate",
    "note standalone/configuration/standalone.xml:9:51 The folder some.other.dir is not known here",
    'note standalone/configuration/standalone.xml:15:116 Client SSL context "bare" names no trust-manager with a key-store: the JVM\'s own decides',
    "note standalone/configuration/standalone.xml:19:7 This listener uses the SSL context that WildFly makes by itself",
    'note standalone/configuration/standalone.xml:19:7 The socket binding "absent" of this listener has no port here',
    "note standalone/configuration/standalone.xml:25:42 Whether the remote destination mail.example.com:25 speaks TLS is not said here",
    "info estate.default-password standalone/configuration/standalone.xml:7:52 The password of km is one that everybody knows",
    "warning estate.store-type-differs standalone/configuration/standalone.xml:7:91 km is declared as PKCS12, and standalone/configuration/im.pem is PEM",
    'info estate.client-auth-unconfigured standalone/configuration/standalone.xml:14:58 SSL context "open" asks for client certificates, and names no trust-manager with a key-store',
  ]);
});

t.test("WILDFLY.read() derives a legacy realm and wildfly-config.xml", async (t) => {
  const realm = await importFiles(
    t,
    WILDFLY,
    {
      "standalone.xml": `<server xmlns="urn:jboss:domain:4.0"><management><security-realms><security-realm name="App">
<server-identities><ssl><keystore path="app.pem" relative-to="jboss.server.config.dir" keystore-password="\${VAULT}" alias="app"/></ssl></server-identities>
<authentication><truststore path="ca.pem" relative-to="jboss.server.config.dir" keystore-password="changeit"/></authentication></security-realm></security-realms></management>
<subsystem><https-listener name="https" socket-binding="https" security-realm="App" verify-client="REQUESTED"/></subsystem>
<socket-binding-group name="g"><socket-binding name="https" port="8443"/></socket-binding-group></server>`,
      "app.pem": pemOf(CERTIFICATES.bpmEast),
      "ca.pem": pemOf(CERTIFICATES.provisioningCa),
    },
    { host: "eap.example.com" },
  );
  t.strictSame(realm.lines, [
    'listens "https" https://eap.example.com:8443 @standalone.xml:5:61, clientAuth requested @standalone.xml:4:85',
    'store "App-client-cas" ca.pem @standalone.xml:3:29, password {"kind":"config","pa… @standalone.xml:3:81',
    "info estate.default-password standalone.xml:3:81 The password of realm App is one that everybody knows",
  ]);
  const client = await importFiles(t, WILDFLY, {
    "wildfly-config.xml": `<configuration><authentication-client xmlns="urn:elytron:client:1.7">
<key-stores><key-store name="trust" type="PKCS12"><file name="trust.pem"/></key-store><key-store name="key"><file name="key.p12"/><key-store-clear-password password="x"/></key-store></key-stores>
<ssl-contexts><ssl-context name="out"><trust-store key-store-name="trust"/><key-store-ssl-certificate key-store-name="key" alias="me"/></ssl-context><ssl-context name="bare"/></ssl-contexts></authentication-client></configuration>`,
    "trust.pem": pemOf(CERTIFICATES.corporateRoot),
  });
  t.strictSame(client.lines, [
    'store "out" trust.pem @wildfly-config.xml:2:57',
    'client "out" openjdk-17 trusts "out", nameCheck https @default, keystore key.p12 @wildfly-config.xml:2:115, password {"kind":"config","pa… @wildfly-config.xml:2:157, alias me @wildfly-config.xml:3:124',
    'note wildfly-config.xml:3:150 SSL context "bare" names no truststore in a file: the JVM\'s own decides',
    "warning estate.store-type-differs wildfly-config.xml:2:37 key-store trust is declared as PKCS12, and trust.pem is PEM",
  ]);
});
