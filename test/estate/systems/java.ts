import t from "tap";
import { JAVA } from "../../../src/estate/systems/java/importer.ts";
import { CERTIFICATES, pemOf } from "./certificates.ts";
import { importFiles } from "./import-files.ts";

t.test("JAVA.read() derives the client from options of a unit and java.security", async (t) => {
  const { lines } = await importFiles(
    t,
    JAVA,
    {
      "app.service": `[Service]
Environment="JAVA_OPTS=-Djavax.net.ssl.trustStore=/old"
ExecStart=/usr/bin/java "-Djavax.net.ssl.trustStore=ca with blank.pem" -Djavax.net.ssl.trustStorePassword=$TRUST_PW \\
  -Djavax.net.ssl.trustStoreType=JKS -Djavax.net.ssl.keyStore=key.pem -Djavax.net.ssl.keyStorePassword='in sight' -Dhttps.protocols=TLSv1.1,TLSv1.2 -jar app.jar
`,
      "java.security":
        "jdk.tls.disabledAlgorithms=SSLv3, \\\r\n  TLSv1\r\nssl.TrustManagerFactory.algorithm=SunX509\r\n",
      "ca with blank.pem": pemOf(CERTIFICATES.corporateRoot),
      "key.pem": pemOf(CERTIFICATES.etaServer),
    },
    { paths: ["app.service", "java.security"] },
  );
  t.strictSame(lines, [
    'store "" ca with blank.pem @app.service:3:26, password {"kind":"env","name":"TRUST_PW"} @app.service:3:72',
    'client "" openjdk-17-sunx509 trusts "", nameCheck https @default, protocols ["TLSv1.1","TLSv1.2"] @app.service:4:115, keystore key.pem @app.service:4:38, password {"kind":"config","pa… @app.service:4:71',
    "note java.security:1:1 jdk.tls.disabledAlgorithms of this file decides beside the profile; judge with --as java-security:java.security",
    "note app.service:3:26 The environment variable TRUST_PW is not set",
    "note app.service:1:1 What the applications of a JVM dial is not in its options; link the client to it",
    "warning estate.store-type-differs app.service:4:3 javax.net.ssl.trustStore is declared as JKS, and ca with blank.pem is PEM",
  ]);
});

t.test("JAVA.read() takes the store of a named JVM without options", async (t) => {
  const named = await importFiles(
    t,
    JAVA,
    { "setenv.sh": 'export JAVA_HOME="/usr/lib/jvm/java-17"\n' },
    { version: "1.8.0_402" },
  );
  t.strictSame(named.lines, [
    'store "" java-home:/usr/lib/jvm/java-17 @setenv.sh:1:1',
    'client "" openjdk-8 trusts "", nameCheck https @default',
    "note setenv.sh:1:1 What the applications of a JVM dial is not in its options; link the client to it",
  ]);
  const none = await importFiles(t, JAVA, { "jvm.options": "-Xmx1g\n" });
  t.strictSame(none.lines, [
    "note jvm.options:1:1 No javax.net.ssl.trustStore is set and no JAVA_HOME is named: the JVM reads its own cacerts, wherever it is",
    "note jvm.options:1:1 What the applications of a JVM dial is not in its options; link the client to it",
  ]);
});
