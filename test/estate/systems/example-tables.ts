import t from "tap";
import { importerOf } from "../../../src/estate/systems/registry.ts";
import { EXAMPLES } from "./examples.ts";
import { importFiles } from "./import-files.ts";

/** Every value of an example, and the cipher suites that a configuration limits a client or listener to. */
interface Table {
  readonly lines: readonly string[];
  readonly suites: readonly string[];
}

/** Derived by hand from the files of the examples and the documentation of IBM's systems. */
const TABLES: Readonly<Record<string, Table>> = {
  liberty: {
    lines: [
      'dials "ldap.example.net:636" ldaps://ldap.example.net:636 @usr/servers/s/server.xml:12:24',
      'dials "old.example.net:9443" https://old.example.net:9443 @usr/servers/s/server.xml:13:25',
      'dials "n.example.net:9443" https://n.example.net:9443 @usr/servers/s/server.xml:14:23',
      'dials "ora.example.net:2484" tls://ora.example.net:2484 @usr/servers/s/server.xml:17:43',
      'dials "ms.example.net:1433" mssql://ms.example.net:1433 @usr/servers/s/server.xml:18:55, serverName sql.example.net @usr/servers/s/server.xml:18:157',
      'listens "https" https://localhost:9443 @-, clientAuth none @default',
      'listens "iiops-orb" tls://orb.example.net:2810 @usr/servers/s/server.xml:15:26, clientAuth none @default, protocols ["TLSv1.2","TLSv1.3"] @usr/servers/s/server.xml:7:58',
      'listens "jms" tls://jms.example.net:7286 @usr/servers/s/server.xml:16:28, clientAuth none @default',
      'store "trust" usr/servers/s/resources/security/trust.p12 @usr/servers/s/tls.xml:2:24 + inline:MIIBrTCCAVOgA… @usr/servers/s/server.env:3:1, password {"kind":"config","pa… @usr/servers/s/tls.xml:2:45',
      'store "nested-trustStore" usr/servers/s/resources/security/nt.p12 @usr/servers/s/server.xml:10:84, password {"kind":"config","pa… @usr/servers/s/server.xml:10:102',
      'store "ora-trust" /opt/ora.p12 @usr/servers/s/server.xml:17:140',
      'store "ms-trust" /opt/ms.p12 @usr/servers/s/server.xml:18:98, password {"kind":"config","pa… @usr/servers/s/server.xml:18:123',
      'client "" openjdk-17 trusts "trust", nameCheck https @usr/servers/s/server.xml:9:5, protocols ["TLSv1.2","TLSv1.3"] @usr/servers/s/server.xml:7:58',
      'client "names-unchecked" openjdk-17 trusts "trust", nameCheck none @usr/servers/s/server.xml:9:27, protocols ["TLSv1.2","TLSv1.3"] @usr/servers/s/server.xml:7:58',
      'client "nested" openjdk-17 trusts "nested-trustStore", nameCheck https @default',
      'client "ora" openjdk-17 trusts "ora-trust", nameCheck none @default',
      'client "ms" openjdk-17 trusts "ms-trust", nameCheck https @default',
      'link "" -> "ldap.example.net:636"',
      'link "names-unchecked" -> "old.example.net:9443"',
      'link "nested" -> "n.example.net:9443"',
      'link "ora" -> "ora.example.net:2484"',
      'link "ms" -> "ms.example.net:1433"',
      "note - Which Java runs the server cannot be found (JAVA_HOME in server.env); profile openjdk-17 is taken. Set profile: in the estate where it is another",
      "note usr/servers/s/server.xml:6:23 The keystore usr/servers/s/resources/security/keys.p12 does not exist; the client has no certificate of its own",
      "note usr/servers/s/server.xml:10:3 Which version of Liberty this is cannot be found; names are taken to be checked, as from 24.0.0.9 on. Say the version with --system-version",
      "note usr/servers/s/server.xml:10:30 The keystore usr/servers/s/resources/security/n.p12 does not exist; the client has no certificate of its own",
      "note usr/servers/s/server.xml:17:140 The password of the truststore of data source ora stands within connectionProperties, where no reference leads; give it in the estate",
      "note - The keystore usr/servers/s/resources/security/key.p12 does not exist; where it has a password, the server makes it with a self-signed certificate at its start",
      "info estate.name-check-off usr/servers/s/server.xml:9:27 SSL configuration out does not check the names of old.example.net (skipHostnameVerificationForHosts)",
      "warning estate.store-unusable usr/servers/s/tls.xml:2:24 The store of truststore trust, usr/servers/s/resources/security/trust.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
      "warning estate.store-unusable usr/servers/s/server.xml:10:84 The store of truststore nested-trustStore, usr/servers/s/resources/security/nt.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
      "warning estate.store-unusable usr/servers/s/server.xml:17:140 The store of javax.net.ssl.trustStore, /opt/ora.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
      "warning estate.store-unusable usr/servers/s/server.xml:18:98 The store of trustStore, /opt/ms.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
      "warning estate.store-unusable usr/servers/s/server.xml:6:23 The store of keystore keys, usr/servers/s/resources/security/keys.p12, is of no use: File not found",
    ],
    suites: [
      '"" TLS_AES_128_GCM_SHA256 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      '"names-unchecked" TLS_AES_128_GCM_SHA256 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      '"iiops-orb" TLS_AES_128_GCM_SHA256 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
    ],
  },
  "process-federation-server": {
    lines: [
      'dials "n-in.example.net:9443" https://n-in.example.net:9443 @server.xml:7:47',
      'dials "es.example.net:9200" https://es.example.net:9200 @server.xml:8:31',
      'dials "n.example.net:443" https://n.example.net:443 @server.xml:6:34',
      'listens "https" https://localhost:9443 @-, clientAuth none @default',
      'store "defaultTrustStore" resources/security/trust.jks @server.xml:4:36, password {"kind":"config","pa… @server.xml:4:57',
      'client "" openjdk-17 trusts "defaultTrustStore", nameCheck https @default',
      'link "" -> "n-in.example.net:9443"',
      'link "" -> "es.example.net:9200"',
      "note - Which Java runs the server cannot be found (JAVA_HOME in server.env); profile openjdk-17 is taken. Set profile: in the estate where it is another",
      "note server.xml:5:3 Which version of Liberty this is cannot be found; names are taken to be checked, as from 24.0.0.9 on. Say the version with --system-version",
      "note server.xml:3:3 The keystore resources/security/key.p12 does not exist; the client has no certificate of its own",
      "note server.xml:6:34 Browsers dial n.example.net:443 for federated system n; link it to a client that has their truststore",
      "note server.xml:3:3 The keystore resources/security/key.p12 does not exist; where it has a password, the server makes it with a self-signed certificate at its start",
      "warning estate.store-unusable server.xml:4:36 The store of truststore defaultTrustStore, resources/security/trust.jks, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
    ],
    suites: [],
  },
  "ibm-http-server": {
    lines: [
      'listens "front.example.net:8443" https://front.example.net:8443 @conf/extra/front.conf:1:14, clientAuth required @conf/extra/front.conf:6:17, protocols ["TLSv1.2","TLSv1.3"] @conf/extra/front.conf:4:3',
      'dials "wle.example.net:9443" https://wle.example.net:9443 @conf/extra/front.conf:11:5',
      'dials "wle1.example.net:9443" https://wle1.example.net:9443 @plugin-cfg.xml:3:14',
      'store "" keys/front.kdb @conf/extra/front.conf:7:11, password {"kind":"stash","path":"keys/front.sth"} @default',
      'store "plugin" /opt/p/plugin-key.kdb @plugin-cfg.xml:4:30, password {"kind":"stash","path":"/opt/p/plugin-key.sth"} @plugin-cfg.xml:4:88',
      'client "" gskit trusts "", nameCheck none @default',
      'client "plugin" gskit trusts "plugin", nameCheck none @default',
      'link "" -> "wle.example.net:9443"',
      'link "plugin" -> "wle1.example.net:9443"',
      "note conf/extra/front.conf:7:11 keys/front.sth: Password file not found",
      "note plugin-cfg.xml:4:30 /opt/p/plugin-key.sth: Password file not found",
      "warning estate.store-unusable conf/extra/front.conf:7:11 The store of KeyFile, keys/front.kdb, is of no use: File not found",
      "warning estate.store-unusable plugin-cfg.xml:4:30 The store of keyring, /opt/p/plugin-key.kdb, is of no use: File not found",
    ],
    suites: ['"front.example.net:8443" TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
  },
  websphere: {
    lines: [
      'dials "ldap.example.net:636" ldaps://ldap.example.net:636 @config/cells/c1/security.xml:8:103',
      'store "client-Default" etc/trust.p12 @properties/ssl.client.props:2:1, password {"kind":"config","pa… @properties/ssl.client.props:3:1',
      'store "CellTrust" secrets/trust.p12 @config/cells/c1/security.xml:5:107, password {"kind":"config","pa… @config/cells/c1/security.xml:5:43',
      'client "client-Default" ibm-java-8 trusts "client-Default", nameCheck none @default',
      'client "" ibm-java-8 trusts "CellTrust", nameCheck https @default, protocols ["TLSv1.2"] @config/cells/c1/security.xml:3:91, keystore config/cells/c1/key.p12 @config/cells/c1/security.xml:4:106, password {"kind":"config","pa… @config/cells/c1/security.xml:4:42',
      'link "" -> "ldap.example.net:636"',
      "note config/cells/c1/security.xml:2:1 Names are taken to be checked, as from 8.5.5.27 and 9.0.5.21 on; say the version with --system-version where it is older",
      "warning estate.store-unusable properties/ssl.client.props:2:1 The store of com.ibm.ssl.trustStore, etc/trust.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
      "info estate.name-check-off properties/ssl.client.props:1:1 Clients with Default do not check the names of the servers that they dial",
      "warning estate.store-unusable config/cells/c1/security.xml:5:107 The store of truststore CellTrust, secrets/trust.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
      "warning estate.store-unusable config/cells/c1/security.xml:4:106 The store of keystore CellKeys, config/cells/c1/key.p12, is of no use: File not found",
    ],
    suites: [],
  },
};

for (const [system, table] of Object.entries(TABLES))
  t.test(`${system}: read() derives every value of the example`, async (t) => {
    const importer = importerOf(system);
    const example = EXAMPLES.find((each) => each.system === system);
    if (importer === null || example === undefined) throw new Error(`No example of ${system}`);
    const { files, paths = [""], host = null } = example;
    const { lines, found } = await importFiles(t, importer, files, { paths, host });
    t.strictSame(lines, table.lines);
    t.strictSame(
      [...found.clients, ...found.endpoints].flatMap(({ name, cipherSuites }) =>
        cipherSuites === undefined ? [] : [`"${name}" ${cipherSuites.value.join(" ")}`],
      ),
      table.suites,
    );
  });
