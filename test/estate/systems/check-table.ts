import { utimesSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { FINDING_CODES } from "../../../src/diagnosis/finding-codes.ts";
import { crossCheck } from "../../../src/estate/systems/cross-check.ts";
import { DISK_FILES } from "../../../src/estate/systems/disk-files.ts";
import { IMPORT_ISSUE_CODES } from "../../../src/estate/systems/issue-codes.ts";
import type { ImportIssue, SystemImport } from "../../../src/estate/systems/model.ts";
import { importerOf } from "../../../src/estate/systems/registry.ts";
import { SourceReader } from "../../../src/estate/systems/source-reader.ts";
import { writeJks } from "../../../src/truststore/write-jks.ts";
import { issue } from "../../truststore/authority.ts";
import { writeKdb } from "../../truststore/write-kdb.ts";
import { CERTIFICATES, pemOf } from "./certificates.ts";
import { xor } from "./examples.ts";
import { type FixtureFiles, fixtureFolder } from "./import-files.ts";

/** A part of the estate that is imported. */
interface Part {
  readonly system: string;
  readonly paths?: readonly string[];
  readonly host?: string;
  readonly version?: string;
}

/** A check of configurations with an example that it finds. */
interface Row {
  /** What is wrong. */
  readonly check: string;
  readonly files: FixtureFiles;
  /** One system, or the two sides of a link. */
  readonly parts: readonly Part[];
  readonly code: (typeof IMPORT_ISSUE_CODES)[number];
  /** File and line of the finding. */
  readonly at: string;
  /** Changes of time stamps before the import: file and seconds since 1970. */
  readonly touched?: Readonly<Record<string, number>>;
}

const root = Buffer.from(CERTIFICATES.corporateRoot, "base64");
const leaf = Buffer.from(CERTIFICATES.bpmEast, "base64");
const rootPem = pemOf(CERTIFICATES.corporateRoot);
const jks = writeJks([{ alias: "corp root", der: root }], "a password of ours", 0);
const jksWithLeaf = writeJks([{ alias: "bpm", der: leaf }], "a password of ours", 0);
const expired = await issue({ name: "Old Root", days: [-1000, -10] });
const pemOfDer = (der: Uint8Array): string => pemOf(Buffer.from(der).toString("base64"));

const liberty = (inside: string): string => `<server>\n${inside}\n</server>`;
const TRANSPORT = "<featureManager><feature>transportSecurity-1.0</feature></featureManager>";
const JWT = '<jwtConsumer id="j" jwkEndpointUrl="https://a.example.net:9443/k"/>';
const security = (inside: string, attributes = ""): string =>
  `<security:Security xmlns:xmi="http://www.omg.org/XMI" xmlns:security="x"${attributes}>\n${inside}\n</security:Security>`;
const WAS_CONFIG =
  '<repertoire xmi:id="C" alias="Cell"><setting xmi:id="L" keyStore="K" trustStore="T"/></repertoire>';
const wasStores = (location = "trust.jks"): string =>
  `<keyStores xmi:id="K" name="Keys" location="\${CONFIG_ROOT}/key.jks"/>\n<keyStores xmi:id="T" name="Trust" password="${xor("a password of ours")}" location="\${CONFIG_ROOT}/${location}"/>`;
const wasGroup = '<sslConfigGroups xmi:id="G" direction="outbound" sslConfig="C"/>';
const WAS = { system: "websphere", version: "9.0.5.22" } as const;
const sm = (...lines: readonly string[]): FixtureFiles => ({ "RUN/sm.ini": lines.join("\n") });
const SM = { system: "service-manager", host: "sm.example.net" } as const;
const gateway = (bundle: object): FixtureFiles => ({ "b.json": JSON.stringify(bundle) });
const GATEWAY = { system: "api-gateway", paths: ["b.json"], host: "gw.example.net" } as const;
const httpd = (...lines: readonly string[]): string =>
  `Listen 8443\n<VirtualHost *:8443>\nServerName front.example.net\nSSLEnable\n${lines.join("\n")}\n</VirtualHost>\n`;
const IHS = { system: "ibm-http-server", paths: ["httpd.conf"] } as const;
const kdb = (flags: number): Uint8Array =>
  writeKdb([{ label: "corp root", body: { signer: root }, flags }], { password: "x" });

/** The server's side of a link, as nginx would have it. */
const server = (directives: string): FixtureFiles => ({
  "s/nginx.conf": `http { server { listen 9443 ssl; server_name a.example.net;\n${directives}\n} }`,
  "s/ca.pem": rootPem,
  "s/other.pem": pemOf(CERTIFICATES.provisioningCa),
});
const SERVER = { system: "nginx", paths: ["s/nginx.conf"] } as const;
const CLIENT = { system: "kafka", paths: ["client.properties"] } as const;
const client = (...lines: readonly string[]): FixtureFiles => ({
  "client.properties": [
    "bootstrap.servers=a.example.net:9443",
    "security.protocol=SSL",
    "ssl.truststore.location=s/ca.pem",
    ...lines,
  ].join("\n"),
});

const row = (
  check: string,
  code: Row["code"],
  at: string,
  parts: Part | readonly Part[],
  files: FixtureFiles,
  touched: Row["touched"] = {},
): Row => ({ check, code, at, files, touched, parts: [parts].flat() });

const LIBERTY = { system: "liberty", version: "24.0.0.9" } as const;

/** The checks that configurations make possible, each with an example for every system that it concerns. */
const ROWS: readonly Row[] = [
  row(
    "the truststore is the keystore by default",
    "estate.truststore-is-keystore",
    "server.xml:2",
    LIBERTY,
    {
      "server.xml": liberty(`<ssl id="defaultSSLConfig" keyStoreRef="defaultKeyStore"/>${JWT}`),
    },
  ),
  row(
    "the file name forces the store's type",
    "estate.store-type-forced",
    "server.xml:2",
    LIBERTY,
    {
      "server.xml": liberty(
        `<keyStore id="k" location="/x/t.jks" type="PKCS12"/><ssl id="defaultSSLConfig" keyStoreRef="k" trustStoreRef="k"/>${JWT}`,
      ),
    },
  ),
  row(
    "declared type and file differ (Kafka)",
    "estate.store-type-differs",
    "client.properties:4",
    CLIENT,
    {
      ...server(""),
      ...client("ssl.truststore.type=JKS"),
    },
  ),
  row("declared type and file differ (GSKit)", "estate.store-type-differs", "httpd.conf:5", IHS, {
    "httpd.conf": httpd("KeyFile front.kdb"),
    "front.kdb": rootPem,
  }),
  row("a store cannot be loaded (Service Manager)", "estate.store-unusable", "RUN/sm.ini:1", SM, {
    ...sm("truststoreFile:absent"),
  }),
  row("a store cannot be loaded (nginx)", "estate.store-unusable", "s/nginx.conf:2", SERVER, {
    ...server("ssl_verify_client on; ssl_client_certificate absent.pem;"),
  }),
  row("a truststore holds nothing", "estate.store-unusable", "client.properties:3", CLIENT, {
    ...client(),
    "s/ca.pem": writeJks([], "a password of ours", 0),
  }),
  row(
    "the password does not open the store",
    "estate.store-unusable",
    "conf/server.xml:2",
    { system: "tomcat", host: "t.example.net" },
    {
      "conf/server.xml":
        '<Server><Service>\n<Connector port="8443" SSLEnabled="true" keystoreFile="conf/k.jks" keystorePass="not this one"/></Service></Server>',
      "conf/k.jks": jks,
    },
  ),
  row("key.jks and key.p12 exist", "estate.store-ambiguous", "server.xml:2", LIBERTY, {
    "server.xml": liberty(`<keyStore id="defaultKeyStore" password="x"/>${JWT}`),
    "resources/security/key.jks": "",
    "resources/security/key.p12": "",
  }),
  row("an alias is missing (Liberty)", "estate.alias-missing", "server.xml:3", LIBERTY, {
    "server.xml": liberty(
      `<keyStore id="k" location="k.jks" password="a password of ours"/>\n<ssl id="defaultSSLConfig" keyStoreRef="k" trustStoreRef="k" serverKeyAlias="web"/>`,
    ),
    "resources/security/k.jks": jks,
  }),
  row("a label is missing (IHS)", "estate.alias-missing", "httpd.conf:6", IHS, {
    "httpd.conf": httpd("KeyFile front.kdb", "SSLServerCert web"),
    "front.kdb": kdb(0x80),
  }),
  row(
    "an alias is missing (Tomcat)",
    "estate.alias-missing",
    "conf/server.xml:2",
    { system: "tomcat", host: "t.example.net" },
    {
      "conf/server.xml":
        '<Server><Service>\n<Connector port="8443" SSLEnabled="true" keystoreFile="conf/k.jks" keystorePass="a password of ours" keyAlias="web"/></Service></Server>',
      "conf/k.jks": jks,
    },
  ),
  row(
    "an alias is missing (WebSphere)",
    "estate.alias-missing",
    "config/cells/c/security.xml:5",
    WAS,
    {
      "config/cells/c/security.xml": security(
        `${WAS_CONFIG}\n${wasStores()}\n<sslConfigGroups xmi:id="G" direction="outbound" sslConfig="C" certificateAlias="web"/>`,
      ),
      "config/key.jks": jks,
      "config/trust.jks": jks,
    },
  ),
  row("an alias is missing (API Gateway)", "estate.alias-missing", "b.json:1", GATEWAY, {
    ...gateway({
      keys: [{ alias: "ssl" }],
      listenPorts: [{ name: "p", protocol: "HTTPS", port: 8443, tlsSettings: { keyAlias: "web" } }],
    }),
  }),
  row(
    "an outbound filter matches nothing (Liberty)",
    "estate.filter-unmatched",
    "server.xml:3",
    LIBERTY,
    {
      "server.xml": liberty(
        `${TRANSPORT}\n<ssl id="b"><outboundConnection host="b.example.net"/></ssl>${JWT}`,
      ),
    },
  ),
  row(
    "two outbound filters conflict (Liberty)",
    "estate.filter-conflict",
    "server.xml:4",
    LIBERTY,
    {
      "server.xml": liberty(
        `${TRANSPORT}\n<ssl id="b"><outboundConnection host="a.example.net"/></ssl>\n<ssl id="c"><outboundConnection host="A.example.net"/></ssl>${JWT}`,
      ),
    },
  ),
  row(
    "a dynamic selection matches nothing (WebSphere)",
    "estate.filter-unmatched",
    "config/cells/c/security.xml:5",
    WAS,
    {
      "config/cells/c/security.xml": security(
        `${WAS_CONFIG}\n${wasStores()}\n<dynamicSSLConfigSelections xmi:id="D" dynamicSelectionInfo="*,b.example.net,636" sslConfig="C"/>\n<userRegistries xmi:id="R" sslEnabled="true"><hosts xmi:id="H" host="a.example.net" port="636"/></userRegistries>`,
      ),
      "config/trust.jks": jks,
    },
  ),
  row(
    "two dynamic selections conflict (WebSphere)",
    "estate.filter-conflict",
    "config/cells/c/security.xml:6",
    WAS,
    {
      "config/cells/c/security.xml": security(
        `${WAS_CONFIG}\n${wasStores()}\n<dynamicSSLConfigSelections xmi:id="D" dynamicSelectionInfo="*,b.example.net,636" sslConfig="C"/>\n<dynamicSSLConfigSelections xmi:id="E" dynamicSelectionInfo="*,B.example.net,636" sslConfig="C"/>`,
      ),
      "config/trust.jks": jks,
    },
  ),
  row(
    "a variable in a path is not set (WebSphere)",
    "estate.unresolved-variable",
    "config/cells/c/security.xml:3",
    WAS,
    {
      "config/cells/c/security.xml": security(
        `${WAS_CONFIG}\n<keyStores xmi:id="T" name="Trust" location="\${NOWHERE}/t.p12"/>`,
      ),
    },
  ),
  row(
    "a variable in a host is not set (Liberty)",
    "estate.unresolved-variable",
    "server.xml:2",
    LIBERTY,
    {
      "server.xml": liberty('<ldapRegistry sslEnabled="true" host="${nowhere}" port="636"/>'),
    },
  ),
  row(
    "a variable in a host is not set (HAProxy)",
    "estate.unresolved-variable",
    "haproxy.cfg:2",
    { system: "haproxy", paths: ["haproxy.cfg"] },
    {
      "haproxy.cfg": 'backend b\n  server s "${NOWHERE}:8443" ssl verify none\n',
    },
  ),
  row(
    "a variable in a password is not set (Liberty)",
    "estate.unresolved-variable",
    "server.xml:2",
    LIBERTY,
    {
      "server.xml": liberty(
        `<keyStore id="k" location="k.p12" password="\${nowhere}"/><ssl id="defaultSSLConfig" keyStoreRef="k" trustStoreRef="k"/>${JWT}`,
      ),
    },
  ),
  row(
    "a variable is not set (Tomcat)",
    "estate.unresolved-variable",
    "conf/server.xml:2",
    { system: "tomcat" },
    {
      "conf/server.xml":
        '<Server><Service>\n<Connector port="8443" SSLEnabled="true" keystoreFile="${nowhere}/k.jks"/></Service></Server>',
    },
  ),
  row(
    "a variable is not set (Kafka)",
    "estate.unresolved-variable",
    "client.properties:3",
    CLIENT,
    {
      "client.properties":
        "bootstrap.servers=a.example.net:9443\nsecurity.protocol=SSL\nssl.truststore.location=${NOWHERE}/t.jks\n",
    },
  ),
  row("a signer is not marked as trusted (GSKit)", "estate.trust-flags", "httpd.conf:5", IHS, {
    "httpd.conf": httpd(
      "KeyFile front.kdb",
      "SSLProxyEngine On",
      "ProxyPass / https://b.example.net/",
    ),
    "front.kdb": kdb(0x00),
  }),
  row(
    "a certificate is marked for the wrong purpose (API Gateway)",
    "estate.trust-flags",
    "b.json:1",
    GATEWAY,
    {
      ...gateway({
        trustedCerts: [
          {
            name: "Root",
            certBase64: CERTIFICATES.corporateRoot,
            trustedFor: ["SSL"],
            verifyHostname: true,
          },
        ],
      }),
    },
  ),
  row(
    "peers are not checked (Connector Server)",
    "estate.peer-check-off",
    "server_osgi_jcs.xml:2",
    { system: "connector-server", host: "i.example.net" },
    {
      "server_osgi_jcs.xml":
        '<beans><bean>\n<property name="connectorSSLVerifyPeer" value="false"/></bean></beans>',
    },
  ),
  row("peers are not checked (nginx)", "estate.peer-check-off", "s/nginx.conf:2", SERVER, {
    ...server("location / { proxy_pass https://b.example.net; }"),
  }),
  row(
    "peers are not checked (Apache)",
    "estate.peer-check-off",
    "httpd.conf:2",
    { system: "apache", paths: ["httpd.conf"] },
    {
      "httpd.conf": "Listen 80\nSSLProxyEngine on\nProxyPass / https://b.example.net/\n",
    },
  ),
  row(
    "peers are not checked (HAProxy)",
    "estate.peer-check-off",
    "haproxy.cfg:2",
    { system: "haproxy", paths: ["haproxy.cfg"] },
    {
      "haproxy.cfg": "backend b\n  server s b.example.net:8443 ssl verify none\n",
    },
  ),
  row("peers are not checked (API Gateway)", "estate.peer-check-off", "b.json:1", GATEWAY, {
    ...gateway({
      jmsDestinations: [
        {
          name: "q",
          jndiUrl: "ssl://mq.example.net:61617",
          jndiSslDetails: { sslEnabled: true, sslVerifyServerCertificate: true },
          destinationSslDetails: { sslEnabled: true, sslVerifyServerCertificate: false },
        },
      ],
    }),
  }),
  row("peers are not checked (Kafka)", "estate.peer-check-off", "client.properties:4", CLIENT, {
    ...server(""),
    ...client("ssl.trustmanager.algorithm=InsecureTrustAll"),
  }),
  row(
    "peers are not checked (SQL Server behind Liberty)",
    "estate.peer-check-off",
    "server.xml:2",
    LIBERTY,
    {
      "server.xml": liberty(
        '<dataSource id="d"><properties.microsoft.sqlserver serverName="m.example.net" encrypt="true" trustServerCertificate="true"/></dataSource>',
      ),
    },
  ),
  row(
    "peers are not checked (Prometheus)",
    "estate.peer-check-off",
    "blackbox.yml:4",
    { system: "prometheus", paths: ["blackbox.yml"] },
    {
      "blackbox.yml":
        "modules:\n  m:\n    prober: http\n    http: { tls_config: { insecure_skip_verify: true } }\n",
    },
  ),
  row("names are not checked (Liberty)", "estate.name-check-off", "server.xml:2", LIBERTY, {
    "server.xml": liberty(`<ssl id="defaultSSLConfig" verifyHostname="false"/>${JWT}`),
  }),
  row(
    "names of some hosts are not checked (Liberty)",
    "estate.name-check-off",
    "server.xml:2",
    LIBERTY,
    {
      "server.xml": liberty(
        `<ssl id="defaultSSLConfig" verifyHostname="true" skipHostnameVerificationForHosts="a.example.net"/>${JWT}`,
      ),
    },
  ),
  row(
    "names are checked from the next fix pack on (Liberty)",
    "estate.name-check-changes",
    "server.xml:2",
    { system: "liberty", version: "24.0.0.8" },
    {
      "server.xml": liberty(`<ssl id="defaultSSLConfig"/>${JWT}`),
    },
  ),
  row(
    "names are checked from the next fix pack on (WebSphere)",
    "estate.name-check-changes",
    "security.xml:1",
    { system: "websphere", version: "9.0.5.20" },
    {
      "security.xml": security(WAS_CONFIG),
    },
  ),
  row(
    "names are not checked (Windows client)",
    "estate.name-check-off",
    "com.hp.ov.sm.client.eclipse.base.prefs:1",
    { system: "service-manager-windows" },
    {
      "com.hp.ov.sm.client.eclipse.base.prefs": "caCertificatesFile=ca.pem\n",
      "ca.pem": rootPem,
    },
  ),
  row("names are not checked (Kafka)", "estate.name-check-off", "client.properties:4", CLIENT, {
    ...server(""),
    ...client("ssl.endpoint.identification.algorithm="),
  }),
  row("no server name is sent (nginx)", "estate.no-server-name", "s/nginx.conf:2", SERVER, {
    ...server("location / { proxy_pass https://b.example.net; }"),
  }),
  row(
    "no server name is sent (Java)",
    "estate.no-server-name",
    "jvm.options:2",
    { system: "java", paths: ["jvm.options"] },
    {
      "jvm.options": "-Djavax.net.ssl.trustStore=t.pem\n-Djsse.enableSNIExtension=false\n",
      "t.pem": rootPem,
    },
  ),
  row("no server name is sent (Liberty)", "estate.no-server-name", "jvm.options:1", LIBERTY, {
    "server.xml": liberty(JWT),
    "jvm.options": "-Djsse.enableSNIExtension=false\n",
  }),
  row(
    "no server name is sent (WebSphere)",
    "estate.no-server-name",
    "config/cells/c/nodes/n/servers/s/server.xml:2",
    WAS,
    {
      "config/cells/c/security.xml": security(WAS_CONFIG),
      "config/cells/c/nodes/n/servers/s/server.xml":
        '<process:Server xmlns:process="x">\n<jvmEntries genericJvmArguments="-Xgcpolicy:gencon -Djsse.enableSNIExtension=false"/></process:Server>',
    },
  ),
  row(
    "the upstream group's name is checked (nginx)",
    "estate.no-server-name",
    "s/nginx.conf:2",
    SERVER,
    {
      "s/nginx.conf":
        "http { upstream g { server b.example.net:8443; } server { listen 80;\nlocation / { proxy_pass https://g; proxy_ssl_verify on; proxy_ssl_trusted_certificate ca.pem; } } }",
      "s/ca.pem": rootPem,
    },
  ),
  row(
    "a federated user is not the client's subject",
    "estate.client-subject-differs",
    "b.json:1",
    GATEWAY,
    {
      ...gateway({
        federatedUsers: [
          {
            name: "u",
            subjectDn: "CN=bpm-east.example.com,L=Islandia,O=Example",
            certBase64: CERTIFICATES.bpmEast,
          },
        ],
      }),
    },
  ),
  row("mode 2 without its list", "estate.service-manager-mode", "RUN/sm.ini:1", SM, {
    ...sm("ssl_reqClientAuth:2"),
  }),
  row("trusted sign-on with less than mode 2", "estate.service-manager-mode", "RUN/sm.ini:2", SM, {
    ...sm("ssl:1", "trustedsignon:1"),
  }),
  row("TLS is required and has no listener", "estate.service-manager-mode", "RUN/sm.ini:2", SM, {
    ...sm("ssl:1", "sslConnector:0"),
  }),
  row("TLS is required without a key", "estate.service-manager-mode", "RUN/sm.ini:1", SM, {
    ...sm("ssl:1"),
  }),
  row(
    "the server's certificate has another name",
    "estate.service-manager-mode",
    "RUN/sm.ini:1",
    SM,
    {
      ...sm("keystoreFile:server.pem"),
      "RUN/server.pem": pemOf(CERTIFICATES.bpmEast),
    },
  ),
  row(
    "TLS on a plain port (web tier)",
    "estate.plain-port",
    "WEB-INF/web.xml:2",
    { system: "service-manager-web-tier" },
    {
      "WEB-INF/web.xml":
        "<web-app><servlet><init-param><param-name>serverHost</param-name><param-value>sm.example.net</param-value></init-param><init-param><param-name>ssl</param-name><param-value>true</param-value></init-param><init-param>\n<param-name>serverPort</param-name><param-value>13080</param-value></init-param></servlet></web-app>",
    },
  ),
  row(
    "a password that everybody knows (WebSphere)",
    "estate.default-password",
    "config/cells/c/security.xml:3",
    WAS,
    {
      "config/cells/c/security.xml": security(
        `${WAS_CONFIG}\n<keyStores xmi:id="T" name="Trust" password="{xor}CDo9Hgw=" location="\${CONFIG_ROOT}/t.jks"/>`,
      ),
    },
  ),
  row(
    "a password that everybody knows (Tomcat)",
    "estate.default-password",
    "conf/server.xml:2",
    { system: "tomcat", host: "t.example.net" },
    {
      "conf/server.xml":
        '<Server><Service>\n<Connector port="8443" SSLEnabled="true" keystoreFile="conf/k.jks" keystorePass="changeit"/></Service></Server>',
      "conf/k.jks": jks,
    },
  ),
  row(
    "a password that everybody knows (Service Manager)",
    "estate.default-password",
    "RUN/sm.ini:2",
    SM,
    {
      ...sm("truststoreFile:cacerts", "truststorePass:changeit"),
    },
  ),
  row("a key that everybody knows (Liberty)", "estate.default-key", "server.xml:2", LIBERTY, {
    "server.xml": liberty(
      `<keyStore id="k" location="k.p12" password="{aes}AGTpzRDW//VE3Jshg1fd89rxw/JMjHfFM9UdYdVNIUt2"/><ssl id="defaultSSLConfig" keyStoreRef="k" trustStoreRef="k"/>${JWT}`,
    ),
  }),
  row(
    "a sample's certificate on several hosts",
    "estate.shared-certificate",
    "a/RUN/sm.ini:1",
    [
      { system: "service-manager", paths: ["a"], host: "a.example.net" },
      { system: "service-manager", paths: ["b"], host: "b.example.net" },
    ],
    {
      "a/RUN/sm.ini": "httpsPort:13443\nkeystoreFile:server.pem\n",
      "a/RUN/server.pem": rootPem,
      "b/RUN/sm.ini": "httpsPort:13443\nkeystoreFile:server.pem\n",
      "b/RUN/server.pem": rootPem,
    },
  ),
  row(
    "an expired anchor in a store of OpenSSL",
    "truststore.anchor-expired",
    "s/nginx.conf:2",
    SERVER,
    {
      ...server("ssl_verify_client on; ssl_client_certificate ca.pem;"),
      "s/ca.pem": rootPem + pemOfDer(expired.der),
    },
  ),
  row("a pinned leaf in a truststore", "truststore.leaf-pinned", "client.properties:3", CLIENT, {
    ...client("ssl.truststore.password=a password of ours"),
    "s/ca.pem": jksWithLeaf,
  }),
  row(
    "a store is newer than the process (Liberty)",
    "estate.store-not-reread",
    "server.xml:2",
    LIBERTY,
    {
      "server.xml": liberty(
        `<keyStore id="k" location="k.jks"/><ssl id="defaultSSLConfig" keyStoreRef="k" trustStoreRef="k"/>${JWT}`,
      ),
      "resources/security/k.jks": jks,
      "workarea/.sLock": "",
    },
    { "workarea/.sLock": 1_000_000_000 },
  ),
  row(
    "a store is newer than the process (WebSphere)",
    "estate.store-not-reread",
    "config/cells/c/security.xml:4",
    WAS,
    {
      "config/cells/c/security.xml": security(
        `${WAS_CONFIG}\n${wasStores()}\n${wasGroup}`,
        ' dynamicallyUpdateSSLConfig="false"',
      ),
      "config/trust.jks": jks,
      "logs/server1/server1.pid": "1",
    },
    { "logs/server1/server1.pid": 1_000_000_000 },
  ),
  row(
    "no version in common",
    "estate.no-common-parameters",
    "client.properties:4",
    [CLIENT, SERVER],
    {
      ...server("ssl_protocols TLSv1.3;"),
      ...client("ssl.enabled.protocols=TLSv1.2"),
    },
  ),
  row(
    "no version in common with what the client's kind offers",
    "estate.no-common-parameters",
    "s/nginx.conf:2",
    [{ system: "java", paths: ["j/jvm.options"] }, SERVER, CLIENT],
    {
      ...server("ssl_protocols TLSv1.1;"),
      ...client(),
      "j/jvm.options": "-Djavax.net.ssl.trustStore=/x\n",
    },
  ),
  row(
    "no cipher suite in common",
    "estate.no-common-parameters",
    "client.properties:4",
    [CLIENT, SERVER],
    {
      ...server("ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384;"),
      ...client("ssl.cipher.suites=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    },
  ),
  row(
    "only static RSA in common, which an updated JDK refuses",
    "estate.no-common-parameters",
    "s/nginx.conf:2",
    [CLIENT, SERVER],
    {
      ...server("ssl_protocols TLSv1.2; ssl_ciphers AES128-SHA:AES256-SHA;"),
      ...client(),
    },
  ),
  row(
    "a client certificate is required and not configured",
    "estate.client-auth-unconfigured",
    "client.properties:3",
    [CLIENT, SERVER],
    {
      ...server("ssl_verify_client on; ssl_client_certificate ca.pem;"),
      ...client(),
    },
  ),
  row(
    "the client's certificate is of none of the server's CAs",
    "estate.client-certificate-unaccepted",
    "client.properties:4",
    [CLIENT, SERVER],
    {
      ...server("ssl_verify_client on; ssl_client_certificate other.pem;"),
      ...client("ssl.keystore.location=own.pem", "ssl.keystore.type=PEM"),
      "own.pem": pemOf(CERTIFICATES.bpmEast),
    },
  ),
  row(
    "client certificates are required without CAs (Tomcat)",
    "estate.client-auth-unconfigured",
    "conf/server.xml:2",
    { system: "tomcat" },
    {
      "conf/server.xml":
        '<Server><Service>\n<Connector port="8443" SSLEnabled="true" clientAuth="true" keystoreFile="k"/></Service></Server>',
    },
  ),
  row(
    "client certificates are required without CAs (HAProxy)",
    "estate.client-auth-unconfigured",
    "haproxy.cfg:2",
    { system: "haproxy", paths: ["haproxy.cfg"] },
    {
      "haproxy.cfg": "frontend f\n  bind :443 ssl crt a.pem verify required\n",
    },
  ),
  row(
    "client certificates are required without CAs (API Gateway)",
    "estate.client-auth-unconfigured",
    "b.json:1",
    GATEWAY,
    {
      ...gateway({
        trustedCerts: [
          {
            name: "Root",
            certBase64: CERTIFICATES.corporateRoot,
            trustAnchor: true,
            trustedFor: ["SSL"],
          },
        ],
        listenPorts: [
          {
            name: "p",
            protocol: "HTTPS",
            port: 8443,
            tlsSettings: { clientAuthentication: "REQUIRED" },
          },
        ],
      }),
    },
  ),
];

async function issuesOf(t: Test, { files, parts, touched = {} }: Row): Promise<readonly string[]> {
  const folder = fixtureFolder(t, files);
  for (const [file, seconds] of Object.entries(touched))
    utimesSync(join(folder, file), seconds, seconds);
  const imports: SystemImport[] = [];
  for (const { system, paths = [""], host = null, version = null } of parts) {
    const importer = importerOf(system);
    if (importer === null) throw new Error(`${system} is no system`);
    const reader = new SourceReader(DISK_FILES);
    reader.allow(folder);
    const read = await importer.read({
      paths: paths.map((path) => join(folder, path)),
      reader,
      environment: {},
      version,
      host,
    });
    if (!read.ok) throw new Error(read.error.message);
    imports.push(read.value);
  }
  const shown = ({ code, place }: ImportIssue): string =>
    `${code} ${place === null ? "-" : `${place.file.replace(`${folder}/`, "")}:${place.line}`}`;
  return [
    ...imports.flatMap(({ issues }) => issues),
    ...[...crossCheck(imports).values()].flat(),
  ].map(shown);
}

t.test("import finds what configurations get wrong, each with file and line", async (t) => {
  for (const each of ROWS)
    await t.test(each.check, async (t) => {
      const found = await issuesOf(t, each);
      t.ok(
        found.includes(`${each.code} ${each.at}`),
        `${each.code} ${each.at} of ${found.join(", ")}`,
      );
    });
});

t.test(
  "IMPORT_ISSUE_CODES are finding codes, and every one but those of reading has a row",
  (t) => {
    const reading = new Set(["estate.include-refused", "estate.file-unreadable"]);
    const covered = new Set(ROWS.map(({ code }) => code));
    for (const code of IMPORT_ISSUE_CODES) {
      t.ok(
        FINDING_CODES.some((known) => known === code),
        code,
      );
      t.ok(reading.has(code) || covered.has(code), `${code} has a row`);
    }
    t.end();
  },
);

t.test("FINDING_CODES has one for each check that needs the server's handshake as well", (t) => {
  for (const code of [
    "truststore.anchor-rekeyed",
    "truststore.anchor-missing",
    "truststore.anchor-elsewhere",
    "truststore.anchor-expiring",
    "truststore.process-outdated",
    "handshake.static-rsa",
    "client-auth.not-listed",
  ])
    t.ok(
      FINDING_CODES.some((known) => known === code),
      code,
    );
  t.end();
});
