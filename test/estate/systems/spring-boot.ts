import t from "tap";
import { SPRING_BOOT } from "../../../src/estate/systems/spring-boot/importer.ts";
import { locateInData } from "../../../src/estate/systems/data/locate.ts";
import { CERTIFICATES, pemOf } from "./certificates.ts";
import { importFiles } from "./import-files.ts";

const YAML = `server: { port: 8443, ssl: { bundle: web, clientAuth: need } }
spring.ssl.bundle:
  jks:
    web: { key: { alias: web }, keystore: { location: "file:web.pem", password: "\${WEB_PW}", type: PKCS12 }, options: { enabled-protocols: "TLSv1.3" } }
  pem:
    peers:
      truststore:
        certificate: |
${pemOf(CERTIFICATES.corporateRoot).replace(/^/gmu, "          ").trimEnd()}
    files: { truststore: { certificate: "\${PEERS:peers.pem}" }, keystore: { certificate: a.pem, private-key: a.key } }
    inside: { truststore: { certificate: "classpath:peers.pem" } }
bpm: { url: "https://bpm-east.example.com:9443/rest", plain: "http://x", variable: "https://\${bpm.host}/" }
---
spring.config.activate.on-profile: staging
bpm.url: https://staging.example.com
`;

t.test("SPRING_BOOT.read() derives server, bundles and URLs of YAML", async (t) => {
  const { lines } = await importFiles(
    t,
    SPRING_BOOT,
    {
      "application.yml": `\uFEFF${YAML}`.replaceAll("\n", "\r\n"),
      "web.pem": pemOf(CERTIFICATES.bpmEast),
      "peers.pem": pemOf(CERTIFICATES.corporateRoot),
    },
    { environment: { BPM_HOST: "from-environment.example.com" }, version: "17.0.9" },
  );
  t.strictSame(lines, [
    'listens "server" https://localhost:8443 @application.yml:1:17, clientAuth required @application.yml:1:55, protocols ["TLSv1.3"] @application.yml:4:140',
    'dials "bpm-east.example.com:9443" https://bpm-east.example.com:9443 @application.yml:23:13',
    'dials "from-environment.example.com:443" https://from-environment.example.com:443 @application.yml:23:84',
    'store "peers" inline:MIIBrTCCAVOgA… @application.yml:8:22',
    'store "files" peers.pem @application.yml:21:41',
    'client "peers" openjdk-17 trusts "peers", nameCheck https @default',
    'client "files" openjdk-17 trusts "files", nameCheck https @default, cert a.pem @application.yml:21:90, key a.key @application.yml:21:110',
    "note application.yml:1:17 The configuration does not say under which name others reach this listener, so localhost is taken; name it with --host or host:",
    "note application.yml:4:55 The environment variable WEB_PW is not set",
    "note application.yml:22:42 truststore of the bundle inside is inside the program or behind a URL, and is not read; copy the store out and name it in the estate",
    "note application.yml:23:13 Which SSL bundle dials the URL of bpm.url is decided in the program; link a client to it",
    "note application.yml:23:84 Which SSL bundle dials the URL of bpm.variable is decided in the program; link a client to it",
    "warning estate.store-type-differs application.yml:4:100 spring.ssl.bundle.jks.web.keystore is declared as PKCS12, and web.pem is PEM",
  ]);
});

t.test("SPRING_BOOT.read() takes profiles and the environment above the base", async (t) => {
  const { lines } = await importFiles(
    t,
    SPRING_BOOT,
    {
      "application.properties": `server.port=8080
spring.profiles.active=dev
server.ssl.keyStore=classpath:dev.p12
server.ssl.key-store-password=secret
management.server.port=8081
`,
      "application-prod.properties":
        "server.port=9443\nserver.ssl.key_store=ignored\nserver.ssl.key-store=server.pem\nserver.ssl.client-auth=want\nserver.ssl.trust-store=missing.p12\n",
      "application-dev.properties": "server.port=1\n",
      "server.pem": pemOf(CERTIFICATES.bpmEast),
    },
    {
      environment: {
        SPRING_PROFILES_ACTIVE: "prod",
        SERVER_ADDRESS: "127.0.0.1",
        SERVER_SSL_ENABLEDPROTOCOLS: "TLSv1.2,TLSv1.3",
      },
    },
  );
  t.strictSame(lines, [
    'listens "server" https://127.0.0.1:9443 @application-prod.properties:1:1, clientAuth requested @application-prod.properties:4:1, protocols ["TLSv1.2","TLSv1.3"] @-',
    'store "client-cas" missing.p12 @application-prod.properties:5:1',
    "note application.properties:5:1 The management port is separate and has no TLS of its own",
    "info estate.default-password application.properties:4:1 The password of server.ssl.key-store is one that everybody knows",
    "warning estate.store-unusable application-prod.properties:5:1 The store of server.ssl.trust-store, missing.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
  ]);
});

t.test("locateInData() finds keys that hold dots and items of lists", async (t) => {
  t.equal(
    locateInData("server.ssl:\n  key-store-password: one\n", "server.ssl.key-store-password"),
    "one",
  );
  t.equal(locateInData('{"a": [{"b.c": {"d": 5}}]}', "a[0].b.c.d"), "5");
  t.equal(locateInData("a: 1\n---\na: 2\n", "a"), "2");
  t.equal(locateInData("a: 1", "b.c"), null);
});
