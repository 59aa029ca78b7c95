import t from "tap";
import { CONNECTOR_SERVER } from "../../../src/estate/systems/connector-server/importer.ts";
import { CONNECTOR_XPRESS } from "../../../src/estate/systems/connector-xpress/importer.ts";
import { CERTIFICATES, pemOf } from "./certificates.ts";
import { importFiles } from "./import-files.ts";

const BEANS = `<?xml version="1.0" encoding="UTF-8"?>
<beans xmlns="http://www.springframework.org/schema/beans">
  <bean id="sslConfig">
    <property name="ldapsPort" value="20411"/>
    <property name="connectorClientCertStore" value="conf/ssl.pem"/>
    <property name="connectorClientCertStoreType"><value>JKS</value></property>
    <property name="connectorClientCertStorePassword" value="changeit"/>
    <property name="connectorSSLVerifyPeer" value="true"/>
    <property name="handler"><ref bean="x"/></property>
  </bean>
</beans>
`;

t.test("CONNECTOR_SERVER.read() takes override files above the beans", async (t) => {
  const { lines } = await importFiles(
    t,
    CONNECTOR_SERVER,
    {
      "jcs/conf/server_osgi_jcs.xml": BEANS,
      "jcs/conf/override/10-site.properties": "# site\nserver.ldapsPort = 20511\r\n",
      "jcs/conf/override/20-site.properties": "connectorSSLVerifyPeer=False\n",
      "jcs/conf/override/readme.txt": "ldapsPort=1\n",
      "jcs/conf/ssl.pem": pemOf(CERTIFICATES.etaServer),
    },
    { host: "imcs.example.com" },
  );
  t.strictSame(lines, [
    'listens "ldaps" ldaps://imcs.example.com:20511 @jcs/conf/override/10-site.properties:2:1',
    'listens "console" https://imcs.example.com:20443 @default',
    'store "" jcs/conf/ssl.pem @jcs/conf/server_osgi_jcs.xml:5:47, password {"kind":"config","pa… @jcs/conf/server_osgi_jcs.xml:7:55',
    'client "" openjdk-8 trusts "", peerCheck none @jcs/conf/override/20-site.properties:1:1, nameCheck none @default, keystore jcs/conf/ssl.pem @jcs/conf/server_osgi_jcs.xml:5:47, password {"kind":"config","pa… @jcs/conf/server_osgi_jcs.xml:7:55, alias eta2_server @default',
    "note jcs/conf/override/10-site.properties:1:1 What the Connector Server dials stands in its endpoints, not in these files; a link from the client says what switching on connectorSSLVerifyPeer would mean, and so does a change plan with peerCheck: chain",
    "warning estate.peer-check-off jcs/conf/override/20-site.properties:1:1 The Connector Server does not check the certificates of the systems that it dials",
    "info estate.default-password jcs/conf/server_osgi_jcs.xml:7:55 The password of connectorClientCertStore is one that everybody knows",
    "warning estate.store-type-differs jcs/conf/server_osgi_jcs.xml:6:51 connectorClientCertStore is declared as JKS, and jcs/conf/ssl.pem is PEM",
  ]);
});

t.test("CONNECTOR_SERVER.read() derives the defaults of an installation", async (t) => {
  const { lines } = await importFiles(
    t,
    CONNECTOR_SERVER,
    {
      "server_osgi_jcs.xml": `<beans><bean><property name="ldapsPort" value="\${ldaps.port}"/></bean></beans>`,
    },
    { host: "imcs.example.com" },
  );
  t.strictSame(lines, [
    'listens "ldaps" ldaps://imcs.example.com:20411 @default',
    'listens "console" https://imcs.example.com:20443 @default',
    'store "" ssl.keystore @default',
    'client "" openjdk-8 trusts "", peerCheck none @default, nameCheck none @default, keystore ssl.keystore @default, alias eta2_server @default',
    "note server_osgi_jcs.xml:1:1 What the Connector Server dials stands in its endpoints, not in these files; a link from the client says what switching on connectorSSLVerifyPeer would mean, and so does a change plan with peerCheck: chain",
    "warning estate.unresolved-variable server_osgi_jcs.xml:1:41 ldapsPort is not a number here, so the default 20411 is taken",
    "warning estate.peer-check-off server_osgi_jcs.xml:1:1 The Connector Server does not check the certificates of the systems that it dials (connectorSSLVerifyPeer is not set, and false is its default)",
    "warning estate.store-unusable server_osgi_jcs.xml:1:1 The store of connectorClientCertStore, ssl.keystore, is of no use: File not found",
  ]);
});

t.test("CONNECTOR_XPRESS.read() takes the truststore of the JVM that it brings", async (t) => {
  const { lines } = await importFiles(t, CONNECTOR_XPRESS, {
    "jvm/lib/security/cacerts": pemOf(CERTIFICATES.provisioningCa),
  });
  t.strictSame(lines, [
    'store "" jvm/lib/security/cacerts @jvm/lib/security/cacerts:1:1',
    'client "" openjdk-8 trusts "", nameCheck ldaps @default',
    "note jvm/lib/security/cacerts:1:1 Which Provisioning Server and gateway Connector Xpress dials is chosen when it is used; link the client to them",
  ]);
});
