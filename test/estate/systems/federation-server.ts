import t from "tap";
import { FEDERATION_SERVER } from "../../../src/estate/systems/liberty/importer.ts";
import { CERTIFICATES, pemOf } from "./certificates.ts";
import { importFiles } from "./import-files.ts";
import { importFolder } from "./import-folder.ts";

t.test(
  "FEDERATION_SERVER derives retrievers, public URLs, search services and databases",
  async (t) => {
    const { lines } = await importFolder(FEDERATION_SERVER, "federation", {
      environment: { DB_TRUST_PW: "x" },
      version: "24.0.0.9",
    });
    t.same(lines, [
      'dials "north-internal.example.net:9443" https://north-internal.example.net:9443 @server.xml:9:54',
      'dials "search1.example.net:9200" https://search1.example.net:9200 @server.xml:12:46',
      'dials "search2.example.net:9200" https://search2.example.net:9200 @server.xml:12:46',
      'dials "north.example.net:443" https://north.example.net:443 @server.xml:7:41',
      'dials "south.example.net:8443" https://south.example.net:8443 @server.xml:8:41',
      'dials "db.example.net:50001" tls://db.example.net:50001 @server.xml:15:46',
      'listens "https" https://localhost:9443 @-, clientAuth none @default',
      'store "defaultTrustStore" resources/security/trust.jks @server.xml:4:36, password {"kind":"config","pa… @server.xml:4:71',
      'store "bpmDb-trust" /opt/pfs/db-trust.p12 @server.xml:15:114, password {"kind":"env","name":"DB_TRUST_PW"} @server.xml:15:160',
      'client "" openjdk-17 trusts "defaultTrustStore", nameCheck https @default',
      'client "bpmDb" openjdk-17 trusts "bpmDb-trust", nameCheck none @default',
      'link "" -> "north-internal.example.net:9443"',
      'link "" -> "search1.example.net:9200"',
      'link "" -> "search2.example.net:9200"',
      'link "bpmDb" -> "db.example.net:50001"',
      "note - Which Java runs the server cannot be found (JAVA_HOME in server.env); profile openjdk-17 is taken. Set profile: in the estate where it is another",
      "note server.xml:3:3 The keystore resources/security/key.p12 does not exist; the client has no certificate of its own",
      "note server.xml:11:25 ibmPfs_caseRetriever refers to federated system wleWest, which is not defined",
      "note server.xml:8:3 No retriever dials federated system wleSouth",
      "note server.xml:11:54 caseRetriever dials case.example.net without TLS (http)",
      "note server.xml:7:41 Browsers dial north.example.net:443 for federated system wleNorth; link it to a client that has their truststore",
      "note server.xml:7:96 Browsers dial north.example.net:443 for federated system wleNorth; link it to a client that has their truststore",
      "note server.xml:8:41 Browsers dial south.example.net:8443 for federated system wleSouth; link it to a client that has their truststore",
      "note server.xml:15:114 The environment variable DB_TRUST_PW is not set",
      "note server.xml:3:3 The keystore resources/security/key.p12 does not exist; where it has a password, the server makes it with a self-signed certificate at its start",
      "info estate.store-type-forced server.xml:4:57 Store defaultTrustStore is declared as PKCS12, but Liberty opens every location that ends in jks as JKS",
      "info estate.default-password server.xml:4:71 The password of truststore defaultTrustStore is one that everybody knows",
      "warning estate.store-unusable server.xml:4:36 The store of truststore defaultTrustStore, resources/security/trust.jks, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
      "warning estate.default-key server.xml:3:34 The password is encrypted with Liberty's default key, which everybody knows: it is no secret",
      "warning estate.store-unusable server.xml:15:114 The store of sslTrustStoreLocation, /opt/pfs/db-trust.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
    ]);
  },
);

t.test("FEDERATION_SERVER knows from which version on names are checked", async (t) => {
  const { found } = await importFolder(FEDERATION_SERVER, "federation", { version: "24.0.0.8" });
  const [main] = found.clients;
  t.equal(main?.nameCheck.value, "none");
  t.ok(found.issues.some(({ code }) => code === "estate.name-check-changes"));
  const missing = found.issues.find(({ code }) => code === "estate.unresolved-variable");
  t.match(missing?.summary, "${env.DB_TRUST_PW}");
  t.equal(missing?.place?.line, 15);
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");

t.test("FEDERATION_SERVER.read() derives what the operator of containers federates", async (t) => {
  const { lines } = await importFiles(t, FEDERATION_SERVER, {
    "north.yaml": `apiVersion: icp4a.ibm.com/v1
kind: FederatedSystem
metadata: { name: north, namespace: pfs }
spec:
  url: https://north.example.net:9443/
  credentialSecret: north-credential
  certificates:
    secrets: [north-cert, absent]
  db2Indexer: { sslCertSecret: db-cert }
---
apiVersion: icp4a.ibm.com/v1
kind: FederatedSystem
metadata: { name: south }
spec:
  advancedConfig: south-config
  url: http://south.example.net:9080/
`,
    "secrets.yml": `apiVersion: v1
kind: List
items:
  - kind: Secret
    metadata: { name: north-cert }
    data: { tls.crt: ${base64(pemOf(CERTIFICATES.corporateRoot))} }
  - kind: Secret
    metadata: { name: db-cert }
    stringData:
      ca.pem: |
        ${pemOf(CERTIFICATES.provisioningCa).trim().replaceAll("\n", "\n        ")}
  - kind: Secret
    metadata: { name: north-credential }
    stringData: { serverUser: u, serverPassword: Vinbarskrok }
`,
  });
  t.strictSame(lines, [
    'dials "north.example.net:9443" https://north.example.net:9443 @north.yaml:5:8',
    'store "trust" inline:MIIBrTCCAVOgA… @secrets.yml:6:13 + inline:MIICPTCCAeOgA… @secrets.yml:10:7',
    'client "" openjdk-17 trusts "trust", nameCheck https @default',
    'link "" -> "north.example.net:9443"',
    'note north.yaml:8:27 The secret "absent" is not among these files; save it beside them, so that its certificates count',
    "note north.yaml:1:1 The operator adds the CAs of its own deployment to the truststore of these secrets; they are not in the resources",
    'note north.yaml:15:19 Federated system "south" has Liberty configuration in the secret "south-config"; what it dials beside spec.url is not read',
    'note north.yaml:16:8 Federated system "south" is dialled without TLS: http://south.example.net',
  ]);
});
