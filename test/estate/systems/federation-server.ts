import t from "tap";
import { FEDERATION_SERVER } from "../../../src/estate/systems/liberty/importer.ts";
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
