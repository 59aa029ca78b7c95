import { CERTIFICATES, pemOf } from "./certificates.ts";
import type { FixtureFiles } from "./import-files.ts";

/** Every password in the examples holds this, so that none of them can be printed unnoticed. */
export const MARK = "Vinbarskrok";

/** `{xor}` of a text, as Liberty and WebSphere write it. */
export const xor = (text: string): string =>
  `{xor}${Buffer.from(Buffer.from(text).map((byte) => byte ^ 0x5f)).toString("base64")}`;

/** A configuration of one system as an operator would have it. */
export interface Example {
  readonly system: string;
  readonly files: FixtureFiles;
  /** What is given to `import`, below the folder. @default the folder itself */
  readonly paths?: readonly string[];
  readonly host?: string;
  /** Files in other encodings than UTF-8 are read as well: XML and what is detected by a mark. */
  readonly utf16?: readonly string[];
  /** Files for which the end of line does not matter. */
  readonly crlf: readonly string[];
}

const pem = pemOf(CERTIFICATES.corporateRoot);

/** One example for each system, with what makes it tricky. */
export const EXAMPLES: readonly Example[] = [
  {
    system: "liberty",
    files: {
      "usr/servers/s/server.xml": `<?xml version="1.0"?>
<server>
  <featureManager><feature>transportSecurity-1.0</feature></featureManager>
  <include location="tls.xml"/>
  <variable name="domain" defaultValue="example.net"/>
  <keyStore id="keys" location="keys.p12" password="${xor(`${MARK}1`)}"/>
  <ssl id="out" keyStoreRef="keys" trustStoreRef="trust" sslProtocol="TLSv1.2,TLSv1.3"
    enabledCiphers="TLS_AES_128_GCM_SHA256 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    verifyHostname="true" skipHostnameVerificationForHosts="old.\${domain}"/>
  <ssl id="nested"><keyStore location="n.p12" password="${MARK}2"/><trustStore location="nt.p12" password="\${pw}"/></ssl>
  <sslDefault outboundSSLRef="out"/>
  <ldapRegistry id="l" host="ldap.\${domain}" port="636" sslEnabled="true"/>
  <jwtConsumer id="old" jwkEndpointUrl="https://old.\${domain}:9443/k"/>
  <jwtConsumer id="n" jwkEndpointUrl="https://n.\${domain}:9443/k" sslRef="nested"/>
  <iiopEndpoint id="orb" host="orb.example.net"><iiopsOptions iiopsPort="2810" sslRef="out"/></iiopEndpoint>
  <wasJmsEndpoint id="jms" host="jms.example.net"/>
  <dataSource id="ora"><properties.oracle URL="jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(PROTOCOL=tcps)(HOST=ora.example.net)(PORT=2484)))" connectionProperties="javax.net.ssl.trustStore=/opt/ora.p12;javax.net.ssl.trustStorePassword=${MARK}3"/></dataSource>
  <dataSource id="ms"><properties.microsoft.sqlserver serverName="ms.example.net" encrypt="true" trustStore="/opt/ms.p12" trustStorePassword="${MARK}4" hostNameInCertificate="sql.example.net"/></dataSource>
</server>
`,
      "usr/servers/s/tls.xml": `<server>\n  <keyStore id="trust" location="trust.p12" password="\${env.TRUST_PW}"/>\n</server>\n`,
      "usr/servers/s/server.env": `TRUST_PW=${MARK}5\nkeystore_password=${MARK}6\ncert_trust=${pem.replaceAll("\n", "\\n")}\n`,
      "usr/servers/s/bootstrap.properties": `pw=${MARK}7\n`,
    },
    paths: ["usr/servers/s"],
    host: "front.example.net",
    utf16: ["usr/servers/s/server.xml", "usr/servers/s/tls.xml"],
    crlf: [
      "usr/servers/s/server.xml",
      "usr/servers/s/tls.xml",
      "usr/servers/s/server.env",
      "usr/servers/s/bootstrap.properties",
    ],
  },
  {
    system: "process-federation-server",
    files: {
      "server.xml": `<server>
  <featureManager><feature>ibmPfs:federationServer-1.0</feature></featureManager>
  <keyStore id="defaultKeyStore" password="${MARK}1"/>
  <keyStore id="defaultTrustStore" location="trust.jks" password="${MARK}2"/>
  <ssl id="defaultSSLConfig" keyStoreRef="defaultKeyStore" trustStoreRef="defaultTrustStore" sslProtocol="TLS"/>
  <ibmPfs_federatedSystem id="n" restUrlPrefix="https://n.example.net/rest/bpm/wle" allowedOrigins="*"/>
  <ibmPfs_bpdRetriever federatedSystemRef="n" internalRestUrlPrefix="https://n-in.example.net:9443/rest/bpm/wle"/>
  <ibmPfs_remoteElasticsearch endpoints="https://es.example.net:9200" username="u" password="${MARK}3"/>
</server>
`,
    },
    utf16: ["server.xml"],
    crlf: ["server.xml"],
  },
  {
    system: "ibm-http-server",
    files: {
      "conf/httpd.conf": `LoadModule ibm_ssl_module modules/mod_ibm_ssl.so
Define KEYS keys
Listen 8443
Include conf/extra/*.conf
WebSpherePluginConfig plugin-cfg.xml
`,
      "conf/extra/front.conf": `<VirtualHost *:8443>
  ServerName front.example.net
  SSLEnable
  SSLProtocolDisable SSLv3 TLSv10 TLSv11
  SSLCipherSpec TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
  SSLClientAuth required
  KeyFile "\${KEYS}/front.kdb"
  SSLServerCert frontcert
  SSLProxyEngine On
  ProxyPass /rest \\
    https://wle.example.net:9443/rest
</VirtualHost>
`,
      "plugin-cfg.xml": `<?xml version="1.0"?>
<Config><ServerCluster Name="c"><Server Name="n1">
  <Transport Hostname="wle1.example.net" Port="9443" Protocol="https">
    <Property Name="keyring" Value="/opt/p/plugin-key.kdb"/><Property Name="stashfile" Value="/opt/p/plugin-key.sth"/>
  </Transport>
</Server></ServerCluster></Config>
`,
    },
    utf16: ["plugin-cfg.xml"],
    crlf: ["conf/httpd.conf", "conf/extra/front.conf", "plugin-cfg.xml"],
  },
  {
    system: "websphere",
    files: {
      "config/cells/c1/security.xml": `<?xml version="1.0"?>
<security:Security xmlns:xmi="http://www.omg.org/XMI" xmlns:security="http://www.ibm.com/websphere/appserver/schemas/5.0/security.xmi" xmi:id="S">
  <repertoire xmi:id="C1" alias="Cell"><setting xmi:id="L1" keyStore="K1" trustStore="K2" sslProtocol="TLSv1.2"/></repertoire>
  <keyStores xmi:id="K1" name="CellKeys" password="${xor(`${MARK}1`)}" type="PKCS12" fileBased="true" location="\${CONFIG_ROOT}/cells/c1/key.p12"/>
  <keyStores xmi:id="K2" name="CellTrust" password="${xor(`${MARK}2`)}" type="PKCS12" fileBased="true" location="\${SECRETS}/trust.p12"/>
  <managementScopes xmi:id="M1" scopeName="(cell):c1" scopeType="cell"/>
  <sslConfigGroups xmi:id="G1" name="c1out" direction="outbound" sslConfig="C1" managementScope="M1"/>
  <userRegistries xmi:id="R" sslEnabled="true" bindPassword="${xor(`${MARK}3`)}"><hosts xmi:id="h" host="ldap.example.net" port="636"/></userRegistries>
</security:Security>
`,
      "config/cells/c1/variables.xml": `<variables:VariableMap xmlns:xmi="http://www.omg.org/XMI" xmlns:variables="http://www.ibm.com/websphere/appserver/schemas/5.0/variables.xmi">
  <entries xmi:id="E1" symbolicName="SECRETS" value="\${USER_INSTALL_ROOT}/secrets"/>
</variables:VariableMap>
`,
      "properties/ssl.client.props": `com.ibm.ssl.alias=Default\ncom.ibm.ssl.trustStore=\${user.root}/etc/trust.p12\ncom.ibm.ssl.trustStorePassword=${MARK}4\ncom.ibm.ssl.keyStore=\${user.root}/etc/key.p12\ncom.ibm.ssl.keyStorePassword=${MARK}5\n`,
    },
    utf16: ["config/cells/c1/security.xml", "config/cells/c1/variables.xml"],
    crlf: [
      "config/cells/c1/security.xml",
      "config/cells/c1/variables.xml",
      "properties/ssl.client.props",
    ],
  },
  {
    system: "api-gateway",
    files: {
      "bundle.json": `${JSON.stringify(
        {
          clusterProperties: [{ name: "cluster.hostname", value: "gw.example.net" }],
          trustedCerts: [
            {
              name: "Corporate Root",
              certBase64: CERTIFICATES.corporateRoot.replace(/.{64}/gu, "$&\r\n"),
              trustAnchor: true,
              trustedFor: ["SIGNING_SERVER_CERTS", "SIGNING_CLIENT_CERTS"],
              verifyHostname: true,
            },
          ],
          listenPorts: [
            {
              name: "mutual",
              enabled: true,
              protocol: "HTTPS",
              port: 9443,
              tlsSettings: {
                clientAuthentication: "REQUIRED",
                keyAlias: "ssl",
                tlsVersions: ["TLSv1.2"],
                cipherSuites: ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
              },
            },
          ],
          keys: [{ alias: "ssl", p12: `${MARK}1`, certChain: [CERTIFICATES.bpmEast] }],
          fips: [{ name: "partners", certificateReferences: [{ name: "Corporate Root" }] }],
          federatedUsers: [{ name: "u", providerName: "partners", subjectDn: "CN=u" }],
          ldaps: [
            { name: "ad", ldapUrls: ["ldaps://ad.example.net:636"], bindPassword: `${MARK}2` },
          ],
          services: [
            {
              name: "orders",
              policy: {
                json: JSON.stringify({
                  All: [{ HttpRouting: { protectedServiceUrl: "https://o.example.net/x" } }],
                }),
              },
            },
          ],
        },
        null,
        2,
      )}\n`,
    },
    paths: ["bundle.json"],
    utf16: ["bundle.json"],
    crlf: ["bundle.json"],
  },
  {
    system: "connector-server",
    files: {
      "jcs/conf/server_osgi_jcs.xml": `<beans>
  <bean id="sslConfig">
    <property name="ldapsPort" value="20411"/>
    <property name="connectorClientCertStore" value="conf/ssl.keystore"/>
    <property name="connectorClientCertStorePassword" value="${MARK}1"/>
    <property name="ldapsCertificatePassword" value="${MARK}2"/>
  </bean>
</beans>
`,
      "jcs/conf/override/site.properties": "server.connectorSSLVerifyPeer=true\n",
    },
    host: "imcs.example.net",
    utf16: ["jcs/conf/server_osgi_jcs.xml"],
    crlf: ["jcs/conf/server_osgi_jcs.xml", "jcs/conf/override/site.properties"],
  },
  {
    system: "connector-xpress",
    files: { "ConnectorXpress/jvm/lib/security/cacerts": pem },
    paths: ["ConnectorXpress"],
    crlf: [],
  },
  {
    system: "identity-manager",
    files: {
      "directories/directory.xml": `<?xml version="1.0"?>
<Directory>
  <Provider type="LDAP" userdirectory="users">
    <LDAP searchroot="o=example" secure="true"/>
    <Credentials user="cn=admin" cleartext="true">${MARK}</Credentials>
    <Connection host="ldap-1.example.net" port="636" failover="ldap-2.example.net:636 [2001:db8::7]:1636"/>
  </Provider>
</Directory>
`,
    },
    paths: ["directories/directory.xml"],
    utf16: ["directories/directory.xml"],
    crlf: ["directories/directory.xml"],
  },
  {
    system: "service-manager",
    files: {
      "RUN/sm.ini": `# server
system:sm
httpPort:13080
httpsPort:13443
ssl:1
ssl_reqClientAuth:2
sslConnector:1
keystoreFile:server.keystore
keystorePass:${MARK}1
truststoreFile:cacerts
truststorePass:${MARK}2
ssl_trustedClientsJKS:trustedclients.keystore
ssl_trustedClientsPwd:${MARK}3
trustedsignon:1
`,
      "RUN/sm.cfg": `sm -httpPort:13081 -httpsPort:13444 -truststorePass:${MARK}4\nsm system.start\n`,
    },
    host: "sm.example.net",
    crlf: ["RUN/sm.ini", "RUN/sm.cfg"],
  },
  {
    system: "service-manager-web-tier",
    files: {
      "WEB-INF/web.xml": `<web-app><servlet>
  <init-param><param-name>serverHost</param-name><param-value>sm.example.net</param-value></init-param>
  <init-param><param-name>serverPort</param-name><param-value>13443</param-value></init-param>
  <init-param><param-name>ssl</param-name><param-value>true</param-value></init-param>
  <init-param><param-name>cacerts</param-name><param-value>/WEB-INF/cacerts</param-value></init-param>
  <init-param><param-name>keystore</param-name><param-value>/WEB-INF/webtier.keystore</param-value></init-param>
  <init-param><param-name>keystorePassword</param-name><param-value>${MARK}1</param-value></init-param>
</servlet></web-app>
`,
    },
    utf16: ["WEB-INF/web.xml"],
    crlf: ["WEB-INF/web.xml"],
  },
  {
    system: "service-manager-windows",
    files: {
      "com.hp.ov.sm.client.eclipse.base.prefs": `eclipse.preferences.version=1\ncaCertificatesFile=C\\:\\\\Program Files\\\\cacerts\nclientKeystoreFile=C\\:\\\\client.keystore\nsafePassword=${MARK}1\nkeystorePassword=${MARK}2\n`,
    },
    paths: ["com.hp.ov.sm.client.eclipse.base.prefs"],
    crlf: ["com.hp.ov.sm.client.eclipse.base.prefs"],
  },
  {
    system: "nginx",
    files: {
      "nginx.conf": `events {}
http {
  include conf.d/*.conf;
}
`,
      "conf.d/a.conf": `server {
  listen 443 ssl;
  server_name a.example.net;
  ssl_certificate a.pem;
  ssl_certificate_key a.key;
  ssl_password_file /etc/nginx/pw;
  ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:!aNULL;
  ssl_protocols TLSv1.2 TLSv1.3;
  location / {
    proxy_pass https://b.example.net;
    proxy_ssl_verify on;
    proxy_ssl_trusted_certificate ca.pem;
    proxy_ssl_server_name on;
    proxy_set_header Authorization "Bearer ${MARK}1";
  }
}
`,
      "ca.pem": pem,
    },
    paths: ["nginx.conf"],
    crlf: ["nginx.conf", "conf.d/a.conf"],
  },
  {
    system: "apache",
    files: {
      "httpd.conf": `ServerRoot .
Listen 443
Define NAME a.example.net
<VirtualHost *:443>
  ServerName \${NAME}
  SSLEngine on
  SSLCertificateFile a.pem
  SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1
  SSLCipherSuite HIGH:!aNULL
  SSLProxyEngine on
  SSLProxyVerify require
  SSLProxyCACertificateFile ca.pem
  RequestHeader set Authorization "Basic ${MARK}1"
  ProxyPass / https://b.example.net:8443/
</VirtualHost>
`,
      "ca.pem": pem,
    },
    paths: ["httpd.conf"],
    crlf: ["httpd.conf"],
  },
  {
    system: "haproxy",
    files: {
      "haproxy.cfg": `global
  ca-base .
defaults
  mode http
frontend f
  bind a.example.net:443 ssl crt a.pem ssl-min-ver TLSv1.2 ciphers ECDHE-RSA-AES128-GCM-SHA256
  stats auth admin:${MARK}1
backend b
  server s b.example.net:8443 ssl verify required ca-file ca.pem sni str(b.example.net)
  server t c.example.net:8443 ssl verify none
`,
      "ca.pem": pem,
    },
    paths: ["haproxy.cfg"],
    crlf: ["haproxy.cfg"],
  },
  {
    system: "tomcat",
    files: {
      "conf/server.xml": `<?xml version="1.0"?>
<Server port="8005" shutdown="${MARK}1"><Service name="Catalina">
  <Connector port="\${https.port}" SSLEnabled="true"><SSLHostConfig certificateVerification="required"
      truststoreFile="conf/ca.pem" truststorePassword="${MARK}2" protocols="TLSv1.2+TLSv1.3" ciphers="TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384">
    <Certificate certificateKeystoreFile="conf/me.p12" certificateKeystorePassword="\${store.pw}" certificateKeyAlias="me"/></SSLHostConfig></Connector>
</Service></Server>
`,
      "conf/catalina.properties": `https.port=8443\nstore.pw=${MARK}3\n`,
      "conf/ca.pem": pem,
      "bin/setenv.sh": `CATALINA_OPTS="-Djavax.net.ssl.trustStore=/opt/trust.p12 -Djavax.net.ssl.trustStorePassword=${MARK}4"\n`,
    },
    host: "tc.example.net",
    utf16: ["conf/server.xml"],
    crlf: ["conf/server.xml", "conf/catalina.properties", "bin/setenv.sh"],
  },
  {
    system: "spring-boot",
    files: {
      "application.yml": `server:
  port: 8443
  address: 192.0.2.7
  ssl: { bundle: web, enabled-protocols: [TLSv1.2, TLSv1.3] }
spring.ssl.bundle:
  jks:
    web: { key: { alias: web }, keystore: { location: "file:/etc/app/web.p12", password: ${MARK}1, type: PKCS12 } }
    peers: { truststore: { location: "file:/etc/app/peers.p12", password: "\${PEERS_PW:${MARK}2}" } }
  pem:
    inline:
      truststore:
        certificate: |
${pem
  .split("\n")
  .map((line) => `          ${line}`)
  .join("\n")}
---
app.orders: https://orders.example.net/api
`,
    },
    utf16: ["application.yml"],
    crlf: ["application.yml"],
  },
  {
    system: "wildfly",
    files: {
      "standalone/configuration/standalone.xml": `<server xmlns="urn:jboss:domain:20.0"><profile>
<subsystem xmlns="urn:wildfly:elytron:18.0"><tls>
  <key-stores><key-store name="ks"><credential-reference clear-text="${MARK}1"/><implementation type="PKCS12"/><file path="im.p12" relative-to="jboss.server.config.dir"/></key-store>
  <key-store name="ts"><credential-reference clear-text="\${env.TS_PW}"/><file path="\${trust.file:trust.p12}" relative-to="jboss.server.config.dir"/></key-store></key-stores>
  <key-managers><key-manager name="km" key-store="ks"><credential-reference clear-text="${MARK}2"/></key-manager></key-managers>
  <trust-managers><trust-manager name="tm" key-store="ts"/></trust-managers>
  <server-ssl-contexts><server-ssl-context name="web" protocols="TLSv1.2" key-manager="km" trust-manager="tm" need-client-auth="true"/></server-ssl-contexts>
  <client-ssl-contexts><client-ssl-context name="out" trust-manager="tm"/></client-ssl-contexts>
</tls></subsystem>
<subsystem xmlns="urn:jboss:domain:undertow:14.0"><server name="s"><https-listener name="https" socket-binding="https" ssl-context="web"/></server></subsystem>
</profile>
<interfaces><interface name="public"><inet-address value="192.0.2.9"/></interface></interfaces>
<socket-binding-group name="g" default-interface="public" port-offset="\${jboss.socket.binding.port-offset:100}">
  <socket-binding name="https" port="\${jboss.https.port:8443}"/>
  <outbound-socket-binding name="im"><remote-destination host="im.example.net" port="20390"/></outbound-socket-binding>
</socket-binding-group></server>
`,
    },
    host: "wf.example.net",
    utf16: ["standalone/configuration/standalone.xml"],
    crlf: ["standalone/configuration/standalone.xml"],
  },
  {
    system: "kafka",
    files: {
      "server.properties": `listeners=SSL://0.0.0.0:9093
advertised.listeners=SSL://kafka.example.net:9093
ssl.client.auth=required
ssl.keystore.location=/etc/kafka/k.p12
ssl.keystore.password=${MARK}1
ssl.key.password=${MARK}2
ssl.truststore.location=ca.pem
ssl.truststore.type=PEM
ssl.cipher.suites=TLS_AES_128_GCM_SHA256
`,
      "client.properties": `bootstrap.servers=other.example.net:9093
security.protocol=SASL_SSL
ssl.truststore.location=ca.pem
ssl.truststore.password=\${file:/etc/kafka/secrets.properties:${MARK}}
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="a" password="${MARK}3";
ssl.endpoint.identification.algorithm=
`,
      "ca.pem": pem,
    },
    crlf: ["server.properties", "client.properties"],
  },
  {
    system: "java",
    files: {
      "jvm.options": `-Xmx1g\n-Djavax.net.ssl.trustStore=trust.pem\n-Djavax.net.ssl.trustStorePassword=${MARK}1\n-Djavax.net.ssl.keyStore=/opt/k.p12\n-Djavax.net.ssl.keyStorePassword=${MARK}2\n-Djsse.enableSNIExtension=false\n`,
      "trust.pem": pem,
    },
    paths: ["jvm.options"],
    crlf: ["jvm.options"],
  },
  {
    system: "prometheus",
    files: {
      "blackbox.yml": `modules:
  internal:
    prober: http
    http:
      basic_auth: { username: u, password: ${MARK}1 }
      tls_config: { ca_file: ca.pem, server_name: web.example.net }
  ldaps:
    prober: tcp
    tcp: { tls: true, tls_config: { insecure_skip_verify: true } }
`,
      "prometheus.yml": `scrape_configs:
  - job_name: probe
    metrics_path: /probe
    params: { module: [internal] }
    file_sd_configs: [{ files: ["targets/*.json"] }]
`,
      "targets/a.json": `[{"targets": ["https://web.example.net:8443/", "https://192.0.2.1"], "labels": {"team": "bpm"}}]\n`,
      "ca.pem": pem,
    },
    utf16: [],
    crlf: ["blackbox.yml", "prometheus.yml", "targets/a.json"],
  },
];
