import t from "tap";
import type { StoreFacts } from "../../src/diagnosis/situation.ts";
import {
  acceptIssuerSteps,
  identitySteps,
} from "../../src/diagnosis/remedies/client-certificate-steps.ts";
import { serverRemedies } from "../../src/diagnosis/remedies/server-steps.ts";
import { trustSteps } from "../../src/diagnosis/remedies/store-steps.ts";
import { likelySystem } from "../../src/diagnosis/remedies/surroundings.ts";
import { SYSTEMS } from "../../src/diagnosis/remedies/system-table.ts";
import { CLIENT_SYSTEMS, type ClientSystem, SERVER_SYSTEMS } from "../../src/trust/system-names.ts";

const base = { isJavaStore: false, isSystemStore: false, needsPassword: false } as const;
const p12: StoreFacts = {
  ...base,
  name: "trust",
  path: "/opt/trust.p12",
  format: "pkcs12",
  isJavaStore: true,
  passwordSpec: "env:TRUST_PW",
};
const kdb: StoreFacts = { ...base, name: "key", path: "/opt/key.kdb", format: "cms-kdb" };
const system: StoreFacts = {
  ...base,
  name: "os",
  path: null,
  format: "system",
  isSystemStore: true,
};
const pem: StoreFacts = { ...base, name: "ca", path: "/etc/nginx/ca.pem", format: "pem" };

function importCa(client: ClientSystem, store: StoreFacts, role: "ca" | "server" = "ca") {
  const { importCa: steps, restart } = SYSTEMS[client].client;
  return [
    ...steps({ file: "root.pem", alias: "corp-root", store, role, isKnown: true }),
    ...restart,
  ];
}

const KEYTOOL =
  "keytool -importcert -trustcacerts -alias corp-root -file root.pem -keystore /opt/trust.p12 -storepass:env TRUST_PW";

t.test("SYSTEMS has exact steps for every system's import of a CA", async (t) => {
  t.same(importCa("java", p12), [KEYTOOL, "Restart the client, or let it reload its truststore"]);
  t.same(importCa("liberty", p12), [
    KEYTOOL,
    "Or without touching the file: cert_ID=root.pem in server.env, where ID is the id of the keyStore element; Liberty adds it at the start (CWPKI0830I)",
    'Restart the server (server stop NAME, server start NAME); with updateTrigger="polled" at the keyStore it reloads by itself, and messages.log says CWPKI0811I',
  ]);
  t.same(importCa("ibm-http-server", kdb).slice(0, 1), [
    "gskcapicmd -cert -add -db /opt/key.kdb -stashed -label corp-root -file root.pem -format ascii -trust enable",
  ]);
  t.match(importCa("gskit", kdb)[1], /^Or in ikeyman: .*Signer Certificates > Add/);
  t.same(importCa("debian", system), [
    "cp root.pem /usr/local/share/ca-certificates/corp-root.crt",
    "update-ca-certificates",
    "Restart the client: programs read the bundle when they start",
  ]);
  t.same(importCa("rhel", system).slice(0, 2), [
    "cp root.pem /etc/pki/ca-trust/source/anchors/",
    "update-ca-trust extract",
  ]);
  t.equal(importCa("windows", system)[0], "certutil -addstore -f Root root.pem");
  t.same(importCa("nginx", pem), [
    "anchorwatch store add /etc/nginx/ca.pem root.pem --in-place",
    "nginx -t && nginx -s reload",
  ]);
  t.match(importCa("connector-server", p12), [
    "In the console, https://HOST:20443/main: Certificates > Add: name corp-root, file root.pem",
    "Or in the file:",
    KEYTOOL,
    /connectorSSLVerifyPeer=true/,
    /im_jcs/,
  ]);
  t.same(importCa("service-manager", p12).slice(0, 2), [
    KEYTOOL,
    "Check that truststoreFile in RUN/sm.ini names this store (/opt/trust.p12), and truststorePass its password; relative paths begin in RUN",
  ]);
  t.match(importCa("service-manager-web-tier", p12)[1], "init-param cacerts in WEB-INF/web.xml");
  t.match(
    importCa("service-manager-windows", p12)[1],
    "Window > Preferences > Service Manager > Security > CA certificates file",
  );
});

t.test("SYSTEMS writes WebSphere's steps for the console and for wsadmin", async (t) => {
  t.same(importCa("websphere", p12), [
    "In the console: SSL certificate and key management > Key stores and certificates > CellDefaultTrustStore (NodeDefaultTrustStore without a deployment manager) > Signer certificates > Add: alias corp-root, file root.pem, data type Base64-encoded ASCII",
    "Or with the script:",
    `wsadmin.sh -lang jython -c 'AdminTask.addSignerCertificate(["-keyStoreName", "CellDefaultTrustStore", "-certificateAlias", "corp-root", "-certificateFilePath", "root.pem", "-base64Encoded", "true"])' -c 'AdminConfig.save()'`,
    "The path is one of the deployment manager's machine",
    "Synchronise the nodes, and restart the servers unless 'Dynamically update the run time when SSL configuration changes occur' is on",
  ]);
});

t.test("SYSTEMS names the API Gateway's flags by purpose", async (t) => {
  const [policyManager, graphman, encoded] = importCa("api-gateway", p12);
  t.match(
    policyManager,
    "tick 'Signing Certificates for Outbound SSL Connections', and 'Certificate is a Trust Anchor'",
  );
  t.match(
    graphman,
    'mutation { setTrustedCerts(input: [{name: "corp-root", certBase64: "CERT", trustedFor: [SIGNING_SERVER_CERTS], trustAnchor: true, verifyHostname: true, revocationCheckPolicyType: USE_DEFAULT}])',
  );
  t.equal(encoded, "openssl x509 -in root.pem -outform DER | openssl base64 -A");
  const [selfSigned, mutation] = importCa("api-gateway", p12, "server");
  t.match(selfSigned, "tick 'Outbound SSL Connections', and 'Certificate is a Trust Anchor'");
  t.match(mutation, "trustedFor: [SSL]");
  const clients = acceptIssuerSteps(null, { client: null, server: "api-gateway" });
  t.match(
    clients.join("\n"),
    "tick 'Signing Client Certificates', and 'Certificate is a Trust Anchor'",
  );
  t.match(clients.join("\n"), "trustedFor: [SIGNING_CLIENT_CERTS]");
  t.match(clients.join("\n"), "federated user");
});

t.test("SYSTEMS quotes for the command prompt what runs on Windows", async (t) => {
  const store = {
    ...p12,
    path: "C:\\Program Files\\Connector Xpress\\jvm\\lib\\security\\cacerts",
  };
  t.equal(
    importCa("connector-xpress", store)[0],
    'keytool -importcert -trustcacerts -alias corp-root -file root.pem -keystore "C:\\Program Files\\Connector Xpress\\jvm\\lib\\security\\cacerts"',
  );
  t.match(
    importCa("connector-xpress", { ...p12, path: null })[0],
    "<install>\\jvm\\lib\\security\\cacerts",
  );
});

t.test("SYSTEMS says for every server where the chain goes and what reloads it", async (t) => {
  const first = (name: (typeof SERVER_SYSTEMS)[number]) =>
    serverRemedies(name).installChain("chain.pem")[0];
  t.match(first("nginx"), "ssl_certificate chain.pem;");
  t.match(first("apache"), "SSLCertificateFile chain.pem");
  t.match(first("haproxy"), "crt FILE");
  t.match(first("tomcat"), 'certificateChainFile="chain.pem"');
  t.match(first("java"), "keytool -importcert -alias ALIAS -file chain.pem -keystore KEYSTORE");
  t.match(first("liberty"), "-keystore resources/security/key.p12");
  t.match(first("websphere"), "NodeDefaultKeyStore");
  t.match(first("api-gateway"), "Replace Certificate Chain: chain.pem");
  t.match(first("connector-server"), "-alias eta2_server");
  t.match(first("service-manager"), "-alias smserver");
  t.match(first("ibm-http-server"), "the root included");
  t.match(
    serverRemedies(null).installChain("chain.pem")[1],
    /^nginx: .*Apache: .*HAProxy: .*Tomcat/,
  );
  for (const name of SERVER_SYSTEMS) {
    t.ok(serverRemedies(name).restart.length > 0);
    t.match(serverRemedies(name).acceptClientCa("client.pem").join("\n"), "client.pem");
  }
});

const NAMES = {
  host: "new.corp.example",
  dnsNames: ["new.corp.example", "old.corp.example"],
  addresses: ["192.0.2.7"],
} as const;

t.test("SYSTEMS requests a certificate with every name for every server", async (t) => {
  const first = (name: (typeof SERVER_SYSTEMS)[number] | null) =>
    serverRemedies(name).requestCertificate(NAMES);
  const keytool = (alias: string, keystore: string): string =>
    `keytool -certreq -alias ${alias} -file request.csr -ext SAN=dns:new.corp.example,dns:old.corp.example,ip:192.0.2.7 -keystore ${keystore}`;
  const openssl =
    "openssl req -new -key SERVER.key -subj /CN=new.corp.example -addext subjectAltName=DNS:new.corp.example,DNS:old.corp.example,IP:192.0.2.7 -out request.csr";
  t.equal(first("java")[0], keytool("ALIAS", "KEYSTORE"));
  t.same(first("liberty"), [keytool("ALIAS", "resources/security/key.p12")]);
  t.equal(first("websphere")[1], keytool("ALIAS", "key.p12"));
  t.same(first("connector-server"), [keytool("eta2_server", "cs_home/jcs/conf/ssl.keystore")]);
  t.same(first("service-manager"), [keytool("smserver", "RUN/server.keystore")]);
  t.same(first("tomcat").slice(1), [
    keytool("ALIAS", "KEYSTORE"),
    "With certificateKeyFile:",
    openssl,
  ]);
  for (const name of ["nginx", "apache", "haproxy"] as const) t.same(first(name), [openssl]);
  t.equal(first(null)[1], openssl);
  t.same(first("ibm-http-server"), [
    "gskcapicmd -certreq -create -db KEY.kdb -stashed -label NEW-LABEL -dn CN=new.corp.example,O=ORGANISATION,C=COUNTRY -size 2048 -san_dnsname new.corp.example,old.corp.example -san_ipaddr 192.0.2.7 -file request.csr",
  ]);
  t.match(
    first("api-gateway")[0],
    "Generate CSR, with the Subject Alternative Names new.corp.example, old.corp.example, 192.0.2.7",
  );
});

t.test("SYSTEMS says for every server which certificate answers a name", async (t) => {
  const words = (name: (typeof SERVER_SYSTEMS)[number]) =>
    serverRemedies(name).chooseByName(NAMES.host).join("\n");
  t.match(words("nginx"), /server_name new\.corp\.example .* default_server/);
  t.match(words("apache"), "ServerName or ServerAlias new.corp.example");
  t.match(words("haproxy"), "crt-list that carries new.corp.example");
  t.match(words("tomcat"), 'hostName="new.corp.example"');
  t.match(words("ibm-http-server"), /^SSLServerCert LABEL/);
  t.match(words("liberty"), "serverKeyAlias of the ssl element");
  t.match(words("websphere"), "Default server certificate alias");
  t.match(words("api-gateway"), "Server Private Key");
  t.match(words("connector-server"), "the entry eta2_server");
  t.match(words("service-manager"), "keystoreFile in RUN/sm.ini");
  t.match(words("java"), "one private key");
});

t.test("SYSTEMS says where each client has the name, and turns no name check off", async (t) => {
  const words = (name: ClientSystem) => SYSTEMS[name].client.nameAsked(NAMES.host).join("\n");
  t.match(words("liberty"), 'skipHostnameVerificationForHosts="new.corp.example"');
  t.match(words("websphere"), "com.ibm.ssl.skipHostnameVerificationForHosts with new.corp.example");
  t.match(words("api-gateway"), "io.httpsHostAllowWildcard");
  t.match(words("nginx"), "proxy_ssl_name NAME; ");
  t.match(words("apache"), "host of ProxyPass or BalancerMember, now new.corp.example");
  t.match(words("haproxy"), "sni str(NAME) verifyhost NAME");
  t.match(words("ibm-http-server"), "Hostname of the Transport");
  t.match(words("service-manager-web-tier"), "init-param serverHost in WEB-INF/web.xml");
  t.match(words("service-manager-windows"), "suppresses the alert");
  for (const name of CLIENT_SYSTEMS)
    t.notMatch(
      words(name),
      /verifyHostname ?=|verifyHostname="false"|PeerName off|turn.* off/,
      name,
    );
});

t.test("SYSTEMS says where each client takes the password of its store from", async (t) => {
  const words = (name: ClientSystem) =>
    SYSTEMS[name].client.storePassword("/opt/trust.p12").join("\n");
  t.match(words("java"), "-Djavax.net.ssl.trustStorePassword");
  t.match(words("liberty"), /location is \/opt\/trust\.p12.*\n.*CWWKS1857E/);
  t.match(words("websphere"), "com.ibm.ssl.trustStorePassword in ssl.client.props");
  t.match(words("gskit"), "gskcapicmd -keydb -stashpw -db /opt/trust.p12");
  t.match(words("ibm-http-server"), "SSLStashFile");
  t.match(words("connector-server"), "connectorClientCertStorePassword");
  t.match(words("service-manager"), "truststorePass, which belongs to truststoreFile");
  t.match(words("service-manager-windows"), "CA certificates file /opt/trust.p12");
  t.match(words("tomcat"), "truststorePassword of the SSLHostConfig");
  for (const name of ["openssl", "nodejs", "debian", "rhel", "nginx", "apache", "haproxy"] as const)
    t.match(
      words(name),
      "anchorwatch store convert /opt/trust.p12 --to pem --out /opt/trust.p12.pem --password prompt",
    );
  for (const name of CLIENT_SYSTEMS) t.notMatch(words(name), /changeit|WebAS|-pw /, name);
});

t.test("SYSTEMS never writes a password and never names the wire as a source", async (t) => {
  for (const name of CLIENT_SYSTEMS) {
    const { client } = SYSTEMS[name];
    const fingerprint = "AA:BB";
    const steps = [
      ...importCa(name, p12),
      ...importCa(name, { ...p12, path: null, files: ["/etc/certs/0123abcd.0"] }),
      ...client.remove({ alias: "old", fingerprint, store: p12 }),
      ...client.remove({ alias: null, fingerprint, store: pem }),
      ...client.useStore("/opt/new.p12"),
      ...identitySteps({ client: name, server: null }),
    ].join("\n");
    t.notMatch(steps, /-storepass [^:]|changeit|-pw /, name);
    t.match(steps, "root.pem");
    t.ok(client.restart.length > 0);
  }
});

t.test("SYSTEMS keeps hostile aliases and paths in one word of the shell", async (t) => {
  const path = "/opt/it's $(here)/trust.p12";
  const [step] = SYSTEMS.java.client.remove({
    alias: "x; rm -rf ~",
    fingerprint: "AA",
    store: { ...p12, path },
  });
  t.equal(
    step,
    `keytool -delete -alias 'x; rm -rf ~' -keystore '/opt/it'\\''s $(here)/trust.p12' -storepass:env TRUST_PW`,
  );
});

t.test("importCa() uses the tool that fits the file", async (t) => {
  const step = (store: StoreFacts) => importCa("openssl", store)[0];
  const format = (name: StoreFacts["format"], path: string): StoreFacts => ({
    ...p12,
    path,
    passwordSpec: null,
    format: name ?? null,
  });
  t.match(step(format("jceks", "a.jceks")), "-keystore a.jceks -storetype JCEKS");
  t.match(step(format("bks", "a.bks")), "-storetype BKS -providerclass org.bouncycastle");
  t.equal(
    step(format("nss", "/db/cert9.db")),
    "certutil -A -d sql:/db -n corp-root -t C,, -i root.pem",
  );
  t.match(
    step(format("der", "ca.cer")),
    "anchorwatch store convert ca.cer --to pem --out ca.cer.pem",
  );
  const hashed = { ...pem, path: null, files: ["/etc/certs/0123abcd.0", "/etc/certs/89abcdef.1"] };
  t.same(importCa("openssl", hashed).slice(0, 2), [
    "cp root.pem /etc/certs/",
    "openssl rehash /etc/certs",
  ]);
  t.match(
    trustSteps(kdb)[3],
    "gskcapicmd -cert -modify -db /opt/key.kdb -stashed -label LABEL -trust enable",
  );
});

t.test("likelySystem() goes by the product's profile, then by the store's format", async (t) => {
  t.equal(likelySystem("layer7", "jks"), "api-gateway");
  t.equal(likelySystem("gskit", "pem"), "gskit");
  t.equal(likelySystem("ibm-java-8", "jks"), "java");
  t.equal(likelySystem("nodejs-24", "pem"), "nodejs");
  t.equal(likelySystem("openssl-3", "system"), "debian");
  t.equal(likelySystem("openssl-3", "cms-kdb"), "gskit");
  t.equal(likelySystem("openjdk-17", null), "java");
  t.equal(likelySystem("dotnet-windows", "system"), "windows");
});
