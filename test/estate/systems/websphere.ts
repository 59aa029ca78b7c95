import t from "tap";
import { WEBSPHERE } from "../../../src/estate/systems/websphere/importer.ts";
import { importFolder } from "./import-folder.ts";

t.test("WEBSPHERE derives clients from security.xml and ssl.client.props", async (t) => {
  const { lines } = await importFolder(WEBSPHERE, "was");
  t.same(lines, [
    'dials "ldap.example.net:636" ldaps://ldap.example.net:636 @config/cells/c1/security.xml:16:71',
    'listens "was1.example.net:9443" https://was1.example.net:9443 @config/cells/c1/nodes/n1/serverindex.xml:3:105',
    'store "client-DefaultSSLSettings" etc/trust.p12 @properties/ssl.client.props:5:1, password {"kind":"config","pa… @properties/ssl.client.props:6:1',
    'store "client-Another" /opt/other/trust.p12 @properties/ssl.client.props:10:1, password {"kind":"config","pa… @properties/ssl.client.props:11:1',
    'store "CellTrust" config/cells/c1/trust.p12 @config/cells/c1/security.xml:10:107, password {"kind":"config","pa… @config/cells/c1/security.xml:10:51',
    'client "client-DefaultSSLSettings" ibm-java-8 trusts "client-DefaultSSLSettings", nameCheck none @properties/ssl.client.props:4:1',
    'client "client-Another" ibm-java-8 trusts "client-Another", nameCheck https @properties/ssl.client.props:9:1',
    'client "" ibm-java-8 trusts "CellTrust", nameCheck https @default, keystore config/cells/c1/key.p12 @config/cells/c1/security.xml:9:106, password {"kind":"config","pa… @config/cells/c1/security.xml:9:50, alias default @config/cells/c1/security.xml:15:67',
    'link "" -> "ldap.example.net:636"',
    "note properties/ssl.client.props:12:1 Clients ask their user whether an unknown signer is to be added: their truststore may change without an operator",
    "note config/cells/c1/security.xml:2:1 Names are taken to be checked, as from 8.5.5.27 and 9.0.5.21 on; say the version with --system-version where it is older",
    "note config/cells/c1/security.xml:7:65 The truststore of OutToWle is no file that can be found",
    "info estate.default-password properties/ssl.client.props:6:1 The password of com.ibm.ssl.trustStore is one that everybody knows",
    "warning estate.store-unusable properties/ssl.client.props:5:1 The store of com.ibm.ssl.trustStore, etc/trust.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
    "info estate.name-check-off properties/ssl.client.props:4:1 Clients with DefaultSSLSettings do not check the names of the servers that they dial",
    "info estate.default-password properties/ssl.client.props:11:1 The password of com.ibm.ssl.trustStore is one that everybody knows",
    "warning estate.store-unusable properties/ssl.client.props:10:1 The store of com.ibm.ssl.trustStore, /opt/other/trust.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
    "info estate.default-password config/cells/c1/security.xml:10:51 The password of truststore CellTrust is one that everybody knows",
    "warning estate.store-unusable config/cells/c1/security.xml:10:107 The store of truststore CellTrust, config/cells/c1/trust.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
    "info estate.default-password config/cells/c1/security.xml:9:50 The password of keystore CellKeys is one that everybody knows",
    "warning estate.store-unusable config/cells/c1/security.xml:9:106 The store of keystore CellKeys, config/cells/c1/key.p12, is of no use: File not found",
    "warning estate.unresolved-variable config/cells/c1/security.xml:11:103 Nothing here defines ${WAS_SECRETS}, which a path uses",
  ]);
});
