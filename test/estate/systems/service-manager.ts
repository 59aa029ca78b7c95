import t from "tap";
import { SERVICE_MANAGER } from "../../../src/estate/systems/service-manager/importer.ts";
import { SERVICE_MANAGER_WEB_TIER } from "../../../src/estate/systems/service-manager-web-tier/importer.ts";
import { SERVICE_MANAGER_WINDOWS } from "../../../src/estate/systems/service-manager-windows/importer.ts";
import { CERTIFICATES, pemOf } from "./certificates.ts";
import { importFiles } from "./import-files.ts";

t.test("SERVICE_MANAGER.read() derives a listener for each process", async (t) => {
  const { lines } = await importFiles(
    t,
    SERVICE_MANAGER,
    {
      "RUN/sm.ini": `\uFEFF# Service Manager\r
system:sm\r
httpPort:13080\r
  httpsPort: 13443\r
ssl:1\r
ssl_reqClientAuth:2\r
sslConnector:1\r
keystoreFile:server.pem\r
keystorePass:changeme1\r
keystoreType:JKS\r
truststoreFile:missing\\cacerts\r
truststorePass:changeit\r
ssl_trustedClientsJKS:trustedclients.pem\r
trustedsignon:1\r
sslEnabledProtocols:TLSv1.2,TLSv1.3\r
`,
      "RUN/sm.cfg": `# processes
sm system.start
sm -loadBalancer -httpPort:13080
sm -httpPort:13081 -httpsPort:13444
sm -httpPort:13082 -httpsPort:13445 -sslConnector:0
sm -httpPort:13083 -httpsPort:13446 -SSL_ReqClientAuth:1 -keystorePass:"in sight"
sm -sync
`,
      "RUN/server.pem": pemOf(CERTIFICATES.bpmEast),
      "RUN/trustedclients.pem": pemOf(CERTIFICATES.etaServer),
    },
    { host: "sm.example.com" },
  );
  t.strictSame(lines, [
    'listens "https-13443" https://sm.example.com:13443 @RUN/sm.ini:4:14, clientAuth required @RUN/sm.ini:6:19, protocols ["TLSv1.2","TLSv1.3"] @RUN/sm.ini:15:21',
    'listens "https-13444" https://sm.example.com:13444 @RUN/sm.cfg:4:31, clientAuth required @RUN/sm.ini:6:19, protocols ["TLSv1.2","TLSv1.3"] @RUN/sm.ini:15:21',
    'listens "https-13446" https://sm.example.com:13446 @RUN/sm.cfg:6:31, clientAuth required @RUN/sm.cfg:6:56, protocols ["TLSv1.2","TLSv1.3"] @RUN/sm.ini:15:21',
    'store "client-cas" RUN/missing/cacerts @RUN/sm.ini:11:16, password {"kind":"config","pa… @RUN/sm.ini:12:16',
    'store "trusted-clients" RUN/trustedclients.pem @RUN/sm.ini:13:23',
    "note RUN/sm.cfg:5:1 The process on port 13082 listens without TLS (sslConnector:0)",
    "info estate.default-password RUN/sm.ini:9:14 The password of keystoreFile is one that everybody knows",
    "warning estate.store-type-differs RUN/sm.ini:10:14 keystoreFile is declared as JKS, and RUN/server.pem is PEM",
    "info estate.default-password RUN/sm.ini:12:16 The password of truststoreFile is one that everybody knows",
    "warning estate.store-unusable RUN/sm.ini:11:16 The store of truststoreFile, RUN/missing/cacerts, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
    'warning estate.service-manager-mode RUN/sm.ini:8:14 The certificate in keystoreFile, "CN=bpm-east.example.com, O=Example", does not have the name sm.example.com, by which clients reach the server',
    "warning estate.service-manager-mode RUN/sm.cfg:5:51 ssl:1 requires HTTPS, and sslConnector:0 takes its listener away, so no client can connect",
    "warning estate.service-manager-mode RUN/sm.ini:6:19 Client certificates are asked for, and sslConnector:0 takes the HTTPS listener away",
    "warning estate.service-manager-mode RUN/sm.ini:14:15 trustedsignon:1 needs ssl:1 and ssl_reqClientAuth:2; they are ssl:1 and ssl_reqClientAuth:1",
  ]);
});

t.test("SERVICE_MANAGER.read() finds modes that contradict each other", async (t) => {
  const found: Record<string, readonly string[]> = {};
  for (const [name, parameters] of Object.entries({
    "no listener": ["ssl:1", "sslConnector:0"],
    "no list of clients": ["ssl:1", "keystoreFile:k", "ssl_reqClientAuth:2", "truststoreFile:t"],
    "sign-on without lists": [
      "ssl:1",
      "keystoreFile:k",
      "ssl_reqClientAuth:1",
      "truststoreFile:t",
      "trustedsignon:1",
    ],
    "sign-on without TLS": ["trustedsignon"],
    "no key": ["ssl:1"],
    "no authorities": ["keystoreFile:k", "ssl_reqClientAuth:1"],
    "cac implies": ["keystoreFile:k", "truststoreFile:t", "cacsignon:1", "sslConnector:0"],
    "one port": ["httpPort:13443"],
    "nothing set": [],
  })) {
    const { found: imported } = await importFiles(t, SERVICE_MANAGER, {
      "sm.ini": parameters.join("\n"),
    });
    found[name] = imported.issues
      .filter(({ code }) => !/store-unusable/u.test(code))
      .map(({ code, summary, place }) => `${code} ${place?.line ?? 0}: ${summary}`);
  }
  const lines = Object.entries(found).flatMap(([name, issues]) =>
    issues.length === 0 ? [`${name}: -`] : issues.map((issue) => `${name}: ${issue}`),
  );
  t.strictSame(lines, [
    "no listener: estate.service-manager-mode 2: ssl:1 requires HTTPS, and sslConnector:0 takes its listener away, so no client can connect",
    "no list of clients: estate.service-manager-mode 3: ssl_reqClientAuth:2 accepts only clients of ssl_trustedClientsJKS, which is not named",
    "sign-on without lists: estate.service-manager-mode 5: trustedsignon:1 needs ssl:1 and ssl_reqClientAuth:2; they are ssl:1 and ssl_reqClientAuth:1",
    "sign-on without TLS: estate.service-manager-mode 1: trustedsignon:1 needs ssl:1 and ssl_reqClientAuth:2; they are ssl:0 and ssl_reqClientAuth:0",
    "no key: estate.service-manager-mode 1: HTTPS is required, and keystoreFile does not name the server's key",
    "no authorities: estate.client-auth-unconfigured 2: Client certificates are required, and truststoreFile does not name the CAs of the clients",
    "cac implies: estate.service-manager-mode 3: cacsignon:1 implies sslConnector:1, and sslConnector:0 is set",
    "one port: estate.service-manager-mode 1: httpPort and httpsPort are both 13443",
    "nothing set: -",
  ]);
});

const parameter = (name: string, value: string): string =>
  `<init-param><param-name>${name}</param-name>\n<param-value>${value}</param-value></init-param>\n`;

const webXml = (parameters: Readonly<Record<string, string>>): string =>
  `<?xml version="1.0"?>\n<web-app xmlns="http://java.sun.com/xml/ns/j2ee"><servlet>\n${Object.entries(
    parameters,
  )
    .map(([name, value]) => parameter(name, value))
    .join("")}</servlet></web-app>\n`;

t.test("SERVICE_MANAGER_WEB_TIER.read() derives client, identity and link", async (t) => {
  const { lines } = await importFiles(t, SERVICE_MANAGER_WEB_TIER, {
    "WEB-INF/web.xml": webXml({
      serverHost: "smapp.example.net",
      serverPort: "13080",
      sslPort: "13443",
      ssl: "true",
      cacerts: "/WEB-INF/cacerts.pem",
      keystore: "/WEB-INF/webtier.pem",
      keystorePassword: "",
    }),
    "WEB-INF/webtier.properties": "keystorePassword=AB12==\r\n",
    "WEB-INF/cacerts.pem": pemOf(CERTIFICATES.corporateRoot),
    "WEB-INF/webtier.pem": pemOf(CERTIFICATES.etaServer),
  });
  t.strictSame(lines, [
    'dials "smapp.example.net:13443" https://smapp.example.net:13443 @WEB-INF/web.xml:4:1',
    'store "" WEB-INF/cacerts.pem @WEB-INF/web.xml:12:1',
    'client "" openjdk-8 trusts "", nameCheck https @default, keystore WEB-INF/webtier.pem @WEB-INF/web.xml:14:1',
    'link "" -> "smapp.example.net:13443"',
    "note WEB-INF/webtier.properties:1:1 keystorePassword in webtier.properties is encrypted in a way that only the web tier knows; give the password of the keystore in the estate",
  ]);
});

t.test(
  "SERVICE_MANAGER_WEB_TIER.read() finds the plain port and sign-on without TLS",
  async (t) => {
    const plain = await importFiles(t, SERVICE_MANAGER_WEB_TIER, {
      "web.xml": webXml({
        serverHost: "sm.example.net",
        serverPort: "13080",
        ssl: "true",
        cacerts: "/none",
      }),
    });
    t.strictSame(plain.lines, [
      'dials "sm.example.net:13080" https://sm.example.net:13080 @web.xml:4:1',
      'store "" /none @web.xml:10:1',
      'client "" openjdk-8 trusts "", nameCheck https @default',
      'link "" -> "sm.example.net:13080"',
      "warning estate.store-unusable web.xml:10:1 The store of cacerts, /none, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
      "warning estate.plain-port web.xml:6:1 https://sm.example.net:13080 asks for TLS on port 13080, which is HTTP of Service Manager without TLS",
    ]);
    const without = await importFiles(t, SERVICE_MANAGER_WEB_TIER, {
      "web.xml": webXml({
        serverHost: "sm.example.net",
        serverPort: "13443",
        ssl: "false",
        isCustomAuthenticationUsed: "false",
      }),
    });
    t.strictSame(without.lines, [
      "note web.xml:1:1 cacerts is not set: the web tier uses the truststore of the JVM that runs it, which these files do not name",
      "note web.xml:4:1 The web tier dials sm.example.net:13443 without TLS (ssl is not true)",
      "warning estate.service-manager-mode web.xml:6:1 The web tier speaks without TLS to port 13443, which is HTTPS of Service Manager",
      "warning estate.service-manager-mode web.xml:10:1 Trusted sign-on (isCustomAuthenticationUsed is false) needs TLS with a client certificate, and ssl is not true",
    ]);
  },
);

t.test("SERVICE_MANAGER_WINDOWS.read() derives stores from the preferences", async (t) => {
  const { lines } = await importFiles(t, SERVICE_MANAGER_WINDOWS, {
    ".metadata/.plugins/org.eclipse.core.runtime/.settings/com.hp.ov.sm.client.eclipse.base.prefs":
      "#Mon\neclipse.preferences.version=1\nca_certificates_file=C\\:\\\\SM\\\\cacerts\nclient_keystore_file=C\\:\\\\SM\\\\client.keystore\nsafePassword=Zm9v\n",
  });
  t.strictSame(lines, [
    'store "" C:\\SM\\cacerts @.metadata/.plugins/org.eclipse.core.runtime/.settings/com.hp.ov.sm.client.eclipse.base.prefs:3:1',
    'client "" openjdk-17-sunx509 trusts "", nameCheck none @default, keystore C:\\SM\\client.keystore @.metadata/.plugins/org.eclipse.core.runtime/.settings/com.hp.ov.sm.client.eclipse.base.prefs:4:1',
    "note .metadata/.plugins/org.eclipse.core.runtime/.settings/com.hp.ov.sm.client.eclipse.base.prefs:5:1 The password of the client's keystore is encrypted (safePassword) in a way that only the client knows; give it in the estate",
    "note .metadata/.plugins/org.eclipse.core.runtime/.settings/com.hp.ov.sm.client.eclipse.base.prefs:1:1 Connections of the Windows client are not in its preferences; link the client to the servers",
    "warning estate.store-unusable .metadata/.plugins/org.eclipse.core.runtime/.settings/com.hp.ov.sm.client.eclipse.base.prefs:3:1 The store of the CA certificates file, C:\\SM\\cacerts, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
    "info estate.name-check-off .metadata/.plugins/org.eclipse.core.runtime/.settings/com.hp.ov.sm.client.eclipse.base.prefs:1:1 The Windows client compares the host name, and a fresh install suppresses the alert",
  ]);
});

t.test("SERVICE_MANAGER.read() derives the client that the JVM of a process is", async (t) => {
  const { lines } = await importFiles(t, SERVICE_MANAGER, {
    "sm.ini": `ssl:0
sslConnector:0
JVMOption0:-Xmx1g
JVMOption1:-Djavax.net.ssl.trustStore=out.pem
JVMOption2:-Djavax.net.ssl.trustStorePassword=Vinbarskrok
`,
    "sm.cfg": `sm -httpPort:13081 -httpsPort:13444
sm -httpPort:13082 -httpsPort:13445
sm -httpPort:13083 -httpsPort:13446 -JVMOption1:-Djavax.net.ssl.trustStore=other.pem
`,
    "out.pem": pemOf(CERTIFICATES.corporateRoot),
    "other.pem": pemOf(CERTIFICATES.provisioningCa),
  });
  t.strictSame(lines, [
    'store "jvm" out.pem @sm.ini:4:12, password {"kind":"config","pa… @sm.ini:5:12',
    'store "jvm-2" other.pem @sm.cfg:3:49, password {"kind":"config","pa… @sm.ini:5:12',
    'client "jvm" openjdk-8 trusts "jvm", nameCheck https @default',
    'client "jvm-2" openjdk-8 trusts "jvm-2", nameCheck https @default',
    "note sm.ini:4:12 What Service Manager dials is in its database, not in these files; link the client of its JVM to it",
    "note sm.cfg:1:1 The process on port 13081 listens without TLS (sslConnector:0)",
    "note sm.cfg:2:1 The process on port 13082 listens without TLS (sslConnector:0)",
    "note sm.cfg:3:49 What Service Manager dials is in its database, not in these files; link the client of its JVM to it",
    "note sm.cfg:3:1 The process on port 13083 listens without TLS (sslConnector:0)",
  ]);
});
