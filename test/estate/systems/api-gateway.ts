import t from "tap";
import { API_GATEWAY } from "../../../src/estate/systems/api-gateway/importer.ts";
import { CERTIFICATES, pemOf } from "./certificates.ts";
import { importFiles } from "./import-files.ts";

const trustedCertificate = (
  name: string,
  id: string,
  encoded: string,
  flags: readonly string[],
): string =>
  `<l7:Item><l7:Resource><l7:TrustedCertificate id="${id}" version="1">
  <l7:Name>${name}</l7:Name>
  <l7:CertificateData><l7:SubjectName>as written</l7:SubjectName><l7:Encoded>
${encoded.replace(/.{76}/gu, "$&\r\n")}
</l7:Encoded></l7:CertificateData>
  <l7:Properties>
    ${flags.map((flag) => `<l7:Property key="${flag}"><l7:BooleanValue>true</l7:BooleanValue></l7:Property>`).join("\n    ")}
  </l7:Properties>
</l7:TrustedCertificate></l7:Resource></l7:Item>`;

const POLICY = `<?xml version="1.0" encoding="UTF-8"?>
<wsp:Policy xmlns:L7p="http://www.layer7tech.com/ws/policy" xmlns:wsp="http://schemas.xmlsoap.org/ws/2002/12/policy">
  <wsp:All wsp:Usage="Required">
    <L7p:HttpRoutingAssertion>
      <L7p:KeyAlias stringValue="outbound"/>
      <L7p:ProtectedServiceUrl stringValue="https://bpm-east.example.com:9443/rest?a=1&amp;b=2"/>
      <L7p:TlsVersion stringValue="TLSv1.2"/>
    </L7p:HttpRoutingAssertion>
    <L7p:HttpRoutingAssertion>
      <L7p:ProtectedServiceUrl stringValue="https://\${context.host}:8443/"/>
      <L7p:CustomURLs stringArrayValue="included"><L7p:item stringValue="https://sm.example.com:13080/SM"/></L7p:CustomURLs>
    </L7p:HttpRoutingAssertion>
    <L7p:HttpRoutingAssertion>
      <L7p:Enabled booleanValue="false"/>
      <L7p:ProtectedServiceUrl stringValue="https://switched-off.example.com/"/>
    </L7p:HttpRoutingAssertion>
    <L7p:HttpRoutingAssertion>
      <L7p:ProtectedServiceUrl stringValue="https://pinned.example.com/"/>
      <L7p:TlsTrustedCertNames stringArrayValue="included"><L7p:item stringValue="BPM East"/></L7p:TlsTrustedCertNames>
    </L7p:HttpRoutingAssertion>
  </wsp:All>
</wsp:Policy>`;

const escaped = (xml: string): string =>
  xml
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

const BUNDLE = `<?xml version="1.0" encoding="UTF-8"?>
<l7:Bundle xmlns:l7="http://ns.l7tech.com/2010/04/gateway-management"><l7:References>
${trustedCertificate("Provisioning Services CA", "aa01", CERTIFICATES.provisioningCa, ["trustedForSsl", "trustedForSigningServerCerts"])}
${trustedCertificate("Corporate Root", "aa02", CERTIFICATES.corporateRoot, ["trustAnchor", "trustedForSigningServerCerts", "verifyHostname"])}
${trustedCertificate("BPM East", "aa03", CERTIFICATES.bpmEast, ["trustedForSigningServerCerts"])}
${trustedCertificate("Broken", "aa04", "AAAA", [])}
<l7:Item><l7:Resource><l7:ListenPort id="p1"><l7:Name>Default HTTPS (8443)</l7:Name><l7:Enabled>true</l7:Enabled><l7:Protocol>HTTPS</l7:Protocol><l7:Port>8443</l7:Port>
  <l7:TlsSettings><l7:ClientAuthentication>Required</l7:ClientAuthentication><l7:PrivateKeyReference id="00000000000000000000000000000002:ssl"/>
  <l7:EnabledVersions><l7:StringValue>TLSv1.2</l7:StringValue><l7:StringValue>TLSv1.3</l7:StringValue></l7:EnabledVersions></l7:TlsSettings></l7:ListenPort></l7:Resource></l7:Item>
<l7:Item><l7:Resource><l7:ListenPort id="p2"><l7:Name>Default HTTP (8080)</l7:Name><l7:Enabled>true</l7:Enabled><l7:Protocol>HTTP</l7:Protocol><l7:Port>8080</l7:Port></l7:ListenPort></l7:Resource></l7:Item>
<l7:Item><l7:Resource><l7:ListenPort id="p3"><l7:Name>Off</l7:Name><l7:Enabled>false</l7:Enabled><l7:Protocol>HTTPS</l7:Protocol><l7:Port>9443</l7:Port></l7:ListenPort></l7:Resource></l7:Item>
<l7:Item><l7:Resource><l7:PrivateKey id="00000000000000000000000000000002:ssl" alias="ssl"><l7:CertificateChain><l7:CertificateData><l7:Encoded>${CERTIFICATES.bpmEast}</l7:Encoded></l7:CertificateData></l7:CertificateChain></l7:PrivateKey></l7:Resource></l7:Item>
<l7:Item><l7:Resource><l7:IdentityProvider id="f1"><l7:Name>Connector Servers</l7:Name><l7:IdentityProviderType>FEDERATED</l7:IdentityProviderType>
  <l7:Extension><l7:FederatedIdentityProviderDetail><l7:CertificateReferences><l7:Reference id="aa01"/></l7:CertificateReferences></l7:FederatedIdentityProviderDetail></l7:Extension></l7:IdentityProvider></l7:Resource></l7:Item>
<l7:Item><l7:Resource><l7:User id="u1" providerId="f1"><l7:Login>eta</l7:Login><l7:SubjectDn>cn=eta_server,ou=provisioning services,o=identity management,l=islandia,st=ny,c=us</l7:SubjectDn></l7:User></l7:Resource></l7:Item>
<l7:Item><l7:Resource><l7:Service id="s1"><l7:ServiceDetail><l7:Name>SCIM</l7:Name></l7:ServiceDetail><l7:Resources><l7:ResourceSet tag="policy"><l7:Resource type="policy">
${escaped(POLICY)}
</l7:Resource></l7:ResourceSet></l7:Resources></l7:Service></l7:Resource></l7:Item>
</l7:References></l7:Bundle>
`;

t.test(
  "API_GATEWAY.read() derives a RESTMAN bundle and compares users with client certificates",
  async (t) => {
    const { lines } = await importFiles(
      t,
      API_GATEWAY,
      { "gateway.bundle": `\uFEFF${BUNDLE}`, "eta.pem": pemOf(CERTIFICATES.etaServer) },
      { host: "gateway.example.com" },
    );
    t.strictSame(lines, [
      'listens "listens-8443" https://gateway.example.com:8443 @gateway.bundle:65:146, clientAuth required @gateway.bundle:66:19, protocols ["TLSv1.2","TLSv1.3"] @gateway.bundle:67:3',
      'dials "bpm-east.example.com:9443" https://bpm-east.example.com:9443 @gateway.bundle:80:53',
      'dials "sm.example.com:13080" https://sm.example.com:13080 @gateway.bundle:85:98',
      'dials "pinned.example.com:443" https://pinned.example.com:443 @gateway.bundle:92:53',
      'store "" inline:MIICPTCCAeOgA… @gateway.bundle:3:23 + inline:MIIBrTCCAVOgA… @gateway.bundle:23:23',
      'store "only-BPM East" inline:MIIBWDCB/wIUA… @gateway.bundle:41:23',
      'client "TLSv1.2" layer7 trusts "", nameCheck https @gateway.bundle:3:23, protocols ["TLSv1.2"] @gateway.bundle:80:53',
      'client "" layer7 trusts "", nameCheck https @gateway.bundle:3:23',
      'client "only-BPM East" layer7 trusts "only-BPM East", nameCheck none @gateway.bundle:41:23',
      'link "TLSv1.2" -> "bpm-east.example.com:9443"',
      'link "" -> "sm.example.com:13080"',
      'link "only-BPM East" -> "pinned.example.com:443"',
      'note gateway.bundle:56:23 Trusted certificate "Broken" holds no certificate that can be read',
      'note gateway.bundle:69:23 Listen port "Off" is switched off and is left out',
      "note gateway.bundle:3:23 The host name is checked below 1 of 2 trusted certificates; it is judged as if below all",
      'note gateway.bundle:80:53 "SCIM" presents the private key "outbound", which never leaves the gateway; probes are made without it',
      'note gateway.bundle:84:53 URL of "SCIM" holds a variable that only the running gateway knows, and is left out',
      'warning estate.trust-flags gateway.bundle:3:23 Trusted certificate "Provisioning Services CA" issues the client certificates of the federated provider "Connector Servers", without "Signing Client Certificates", "Certificate is a Trust Anchor"',
      'warning estate.name-check-off gateway.bundle:3:23 The gateway does not check host names below the trusted certificate "Provisioning Services CA"',
      'warning estate.trust-flags gateway.bundle:41:23 Trusted certificate "BPM East" is no authority, so nothing is issued below it, and it is trusted as issuer only, without "Outbound SSL Connections"',
      'warning estate.name-check-off gateway.bundle:41:23 The gateway does not check host names below the trusted certificate "BPM East"',
      'warning estate.client-auth-unconfigured gateway.bundle:66:19 Listen port "Default HTTPS (8443)" requires client certificates, and no trusted certificate is one for "Signing Client Certificates"',
      'warning estate.alias-missing gateway.bundle:80:53 "SCIM" uses the private key "outbound", and the bundle has no key of this alias',
      "warning estate.plain-port gateway.bundle:85:98 https://sm.example.com:13080 asks for TLS on port 13080, which is HTTP of Service Manager without TLS",
      'warning estate.client-subject-differs gateway.bundle:73:80 The federated user "eta" does not fit the client certificate in eta.pem: L=islandia is not in the certificate',
    ]);
  },
);

const GRAPHMAN = {
  trustedCerts: [
    {
      name: "Provisioning Services CA",
      certBase64: CERTIFICATES.provisioningCa.replace(/.{64}/gu, "$&\r\n"),
      trustAnchor: true,
      trustedFor: ["SIGNING_SERVER_CERTS", "SIGNING_CLIENT_CERTS"],
      verifyHostname: false,
    },
  ],
  listenPorts: [
    {
      name: "SCIM",
      enabled: true,
      protocol: "HTTPS",
      port: 9443,
      tlsSettings: {
        clientAuthentication: "OPTIONAL",
        keyAlias: "missing",
        tlsVersions: ["TLSV1_2", "TLS_V1_3"],
      },
    },
  ],
  keys: [{ alias: "ssl", certChain: [pemOf(CERTIFICATES.bpmEast)] }],
  fips: [{ name: "old name", certificateReferences: [{ name: "Provisioning Services CA" }] }],
  federatedUsers: [
    {
      name: "order",
      providerName: "old name",
      subjectDn: "C=us,ST=ny,O=identity management,OU=provisioning services,CN=eta_server",
      certBase64: CERTIFICATES.etaServer,
    },
  ],
  fipUsers: [
    {
      name: "case only",
      providerName: "old name",
      subjectDn: "CN=ETA_Server, OU=Provisioning  Services, O=Identity Management, S=NY, C=US",
      certBase64: CERTIFICATES.etaServer,
    },
  ],
  ldaps: [
    {
      name: "old directory",
      ldapUrls: ["ldaps://ldap-1.example.com:636", "ldap://ldap-2.example.com"],
      ldapsClientAuthEnabled: true,
    },
  ],
  ldapIdps: [
    {
      name: "new directory",
      serverUrls: ["ldaps://ldap-3.example.com"],
      useSslClientAuth: true,
      sslClientKeyAlias: "ssl",
    },
  ],
  httpConfigurations: [
    { host: "api.example.com", port: 8443, protocol: "HTTPS", tlsVersion: "TLSV1_2" },
  ],
  jmsDestinations: [
    {
      name: "queue",
      jndiUrl: "ldaps://jndi.example.com:1636",
      jndiSslDetails: { sslEnabled: true, sslVerifyServerCertificate: false },
    },
    {
      name: "topic",
      jndiUrl: "ssl://mq.example.com:61617",
      jndiSslDetails: {
        sslEnabled: true,
        sslVerifyServerCertificate: true,
        sslVerifyServerHostname: false,
      },
    },
  ],
  clusterProperties: [{ name: "cluster.hostname", value: "cluster.example.com" }],
  services: [
    {
      name: "as code",
      policy: {
        code: {
          All: [
            {
              HttpRouting: {
                protectedServiceUrl: "https://code.example.com/a",
                tlsTrustedCertNames: ["Nobody"],
              },
            },
          ],
        },
      },
    },
    {
      name: "as xml",
      policy: {
        xml:
          POLICY.slice(0, POLICY.indexOf("<L7p:HttpRoutingAssertion>", 400)) +
          "</wsp:All></wsp:Policy>",
      },
    },
    { name: "templated", policy: { xml: "<a>{{ .Values.url }}<b></a>" } },
  ],
};

t.test("API_GATEWAY.read() derives a Graphman bundle with old and new names", async (t) => {
  const { lines } = await importFiles(t, API_GATEWAY, {
    "bundle.json": JSON.stringify(GRAPHMAN, null, 1).replaceAll("\n", "\r\n"),
  });
  t.strictSame(lines, [
    'listens "listens-9443" https://cluster.example.com:9443 @bundle.json:19:12, clientAuth requested @bundle.json:21:29, protocols ["TLSv1.2","TLSv1.3"] @bundle.json:23:20',
    'dials "ldap-1.example.com:636" ldaps://ldap-1.example.com:636 @bundle.json:68:5',
    'dials "ldap-3.example.com:636" ldaps://ldap-3.example.com:636 @bundle.json:78:5',
    'dials "api.example.com:8443" https://api.example.com:8443 @bundle.json:86:12',
    'dials "jndi.example.com:1636" ldaps://jndi.example.com:1636 @bundle.json:95:15',
    'dials "mq.example.com:61617" tls://mq.example.com:61617 @bundle.json:103:15',
    'dials "code.example.com:443" https://code.example.com:443 @bundle.json:125:32',
    'dials "bpm-east.example.com:9443" https://bpm-east.example.com:9443 @bundle.json:138:341',
    'store "" inline:MIICPTCCAeOgA… @bundle.json:3:3',
    'client "" layer7 trusts "", nameCheck none @bundle.json:11:22',
    'client "key-ssl" layer7 trusts "", nameCheck none @bundle.json:11:22',
    'client "TLSv1.2" layer7 trusts "", nameCheck none @bundle.json:11:22, protocols ["TLSv1.2"] @bundle.json:89:18',
    'client "unchecked" layer7 trusts nothing, peerCheck none @bundle.json:98:35, nameCheck none @bundle.json:98:35',
    'link "" -> "ldap-1.example.com:636"',
    'link "key-ssl" -> "ldap-3.example.com:636"',
    'link "TLSv1.2" -> "api.example.com:8443"',
    'link "unchecked" -> "jndi.example.com:1636"',
    'link "" -> "mq.example.com:61617"',
    'link "TLSv1.2" -> "bpm-east.example.com:9443"',
    'note bundle.json:144:12 Policy of "templated" is not read: Not well-formed XML: unexpected close tag; it holds templates ({{ }}), which have to be rendered first',
    'note bundle.json:69:5 "old directory" dials ldap://ldap-2.example.com:389 without TLS',
    'note bundle.json:81:25 "new directory" presents the private key "ssl", which never leaves the gateway; probes are made without it',
    'note bundle.json:125:32 The bundle holds none of the certificates to which "as code" is limited, so what it dials is not judged',
    'note bundle.json:138:341 "as xml" presents the private key "outbound", which never leaves the gateway; probes are made without it',
    'warning estate.name-check-off bundle.json:11:22 The gateway does not check host names below the trusted certificate "Provisioning Services CA"',
    'warning estate.alias-missing bundle.json:22:17 Listen port "SCIM" uses the private key "missing", and the bundle has no key of this alias',
    'warning estate.peer-check-off bundle.json:98:35 "queue" does not check the certificate of its server',
    'warning estate.name-check-off bundle.json:107:32 "topic" does not check the host name of its server',
    'warning estate.alias-missing bundle.json:125:32 "as code" trusts only "Nobody", which the bundle does not have',
    'warning estate.alias-missing bundle.json:138:341 "as xml" uses the private key "outbound", and the bundle has no key of this alias',
    'warning estate.client-subject-differs bundle.json:52:17 The federated user "order" does not fit the client certificate in the bundle: the attributes stand in another order',
  ]);
});

t.test("API_GATEWAY.read() goes on without a bundle that is not well-formed", async (t) => {
  const { lines } = await importFiles(t, API_GATEWAY, {
    "a.bundle": BUNDLE.replace("8443</l7:Port>", "{{ .Values.port }}</l7:Ports>"),
    "b.xml": `<!DOCTYPE x [<!ENTITY e "eee"><!ENTITY f SYSTEM "file:///etc/passwd">]><l7:ClusterProperty xmlns:l7="http://ns.l7tech.com/2010/04/gateway-management"><l7:Name>&f;</l7:Name></l7:ClusterProperty>`,
    "c.json": `{"listenPorts": [{"name": "x", "protocol": "HTTPS", "port": 70000}, {"name": "y", "protocol": "HTTPS", "port": "443"}]}`,
    "d.json": `{"listenPorts": [`,
  });
  t.strictSame(lines, [
    'listens "listens-443" https://localhost:443 @c.json:1:112, clientAuth none @default',
    'note c.json:1:18 Listen port "x" has no port number',
    "note c.json:1:69 The configuration does not say under which name others reach this listener, so localhost is taken; name it with --host or host:",
    "warning estate.file-unreadable a.bundle:65:183 a.bundle is not read: Not well-formed XML: unexpected close tag; it holds templates ({{ }}), which have to be rendered first",
    "warning estate.file-unreadable b.xml:1:162 b.xml is not read: Not well-formed XML: undefined entity",
    "warning estate.file-unreadable d.json:1:18 d.json is not read: A value was expected",
  ]);
});

t.test("API_GATEWAY.read() reads policies that are JSON or YAML within a text", async (t) => {
  const trustedCerts = [
    {
      name: "Root",
      certBase64: CERTIFICATES.corporateRoot,
      trustAnchor: true,
      trustedFor: ["SSL"],
    },
  ];
  const routing = (host: string): string =>
    JSON.stringify({ All: [{ HttpRouting: { protectedServiceUrl: `https://${host}/x` } }] });
  const services = [
    { name: "json", policy: { json: routing("json.example.com") } },
    {
      name: "yaml",
      policy: {
        yaml: "All:\n  - HttpRouting:\n      protectedServiceUrl: https://yaml.example.com/x\n",
      },
    },
    { name: "code", policy: { code: JSON.parse(routing("code.example.com")) as unknown } },
    { name: "broken", policy: { json: "{[" } },
  ];
  const { lines } = await importFiles(
    t,
    API_GATEWAY,
    { "b.json": JSON.stringify({ trustedCerts, services }) },
    { paths: ["b.json"] },
  );
  for (const host of ["json", "yaml", "code"])
    t.ok(lines.includes(`link "" -> "${host}.example.com:443"`), host);
  t.ok(lines.some((line) => /^note b\.json:1:\d+ Policy of "broken" is not read/u.test(line)));
});

t.test("API_GATEWAY.read() reads the YAML of the gateway's build plugin", async (t) => {
  const { lines } = await importFiles(
    t,
    API_GATEWAY,
    {
      "config/trusted-certs.yml":
        "corp-root:\n  trustAnchor: true\n  trustedForSigningServerCerts: true\n  trustedForSigningClientCerts: true\n  verifyHostname: true\nhttps://api.example.com:8443:\n  trustedForSsl: true\n",
      "config/certificates/corp-root.pem": pemOf(CERTIFICATES.corporateRoot),
      "config/listen-ports.yml":
        "mutual:\n  protocol: HTTPS\n  port: 9443\n  tlsSettings:\n    clientAuthentication: REQUIRED\n    privateKey: web\n    enabledVersions: [TLSv1.2]\n    enabledCipherSuites: [TLS_RSA_WITH_AES_128_CBC_SHA]\n",
      "config/private-keys.yml": "ssl:\n  keystore: SOFTWARE\n  keyPassword: secret-word\n",
      "config/identity-providers.yml":
        "ad:\n  type: BIND_ONLY_LDAP\n  identityProviderDetail:\n    serverUrls: [ldaps://ad.example.com:636]\npartners:\n  type: FEDERATED\n  identityProviderDetail:\n    certificateReferences: [corp-root]\n",
    },
    { host: "gw.example.com" },
  );
  t.strictSame(lines, [
    'listens "listens-9443" https://gw.example.com:9443 @config/listen-ports.yml:3:9, clientAuth required @config/listen-ports.yml:5:27, protocols ["TLSv1.2"] @config/listen-ports.yml:7:22',
    'dials "ad.example.com:636" ldaps://ad.example.com:636 @config/identity-providers.yml:4:18',
    'store "" inline:MIIBrTCCAVOgA… @config/trusted-certs.yml:1:1',
    'client "" layer7 trusts "", nameCheck https @config/trusted-certs.yml:5:19',
    'link "" -> "ad.example.com:636"',
    "note config/trusted-certs.yml:6:1 The certificate of https://api.example.com:8443 is fetched when the gateway's bundle is built, and is not known here",
    'warning estate.name-check-off config/trusted-certs.yml:6:1 The gateway does not check host names below the trusted certificate "https://api.example.com:8443"',
    'warning estate.alias-missing config/listen-ports.yml:6:17 Listen port "mutual" uses the private key "web", and the bundle has no key of this alias',
  ]);
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");

t.test(
  "API_GATEWAY.read() derives a Gateway of the operator with the secrets beside it",
  async (t) => {
    const { lines } = await importFiles(t, API_GATEWAY, {
      "gateway.yaml": `apiVersion: security.brcmlabs.com/v1
kind: Gateway
metadata: { name: ssg }
spec:
  version: "11.1.1"
  app:
    bundle:
      - { type: graphman, source: secret, name: graphman-bundle }
    management: { cluster: { hostname: gateway.example.com } }
    externalCerts:
      - { name: partner-ca, enabled: true, verifyHostname: true, trustAnchor: true, trustedFor: [SIGNING_SERVER_CERTS] }
      - { name: off-ca, enabled: false }
      - { name: absent-ca, enabled: true }
    externalKeys:
      - { name: front-tls, enabled: true, alias: front, keyUsageType: SSL }
    listenPorts:
      custom: { enabled: true }
      ports:
        - name: Default HTTPS (8443)
          port: "8443"
          enabled: true
          protocol: HTTPS
          tls:
            enabled: true
            privateKey: 00000000000000000000000000000002:front
            clientAuthentication: Optional
            versions: [TLSv1.2, TLSv1.3]
            cipherSuites: [TLS_AES_256_GCM_SHA384]
        - { name: Default HTTP (8080), port: "8080", enabled: false, protocol: HTTP }
`,
      "secrets.yaml": `kind: Secret
apiVersion: v1
metadata: { name: partner-ca }
data: { ca.crt: ${base64(pemOf(CERTIFICATES.corporateRoot))}, note: ${base64("no certificate")} }
---
kind: Secret
apiVersion: v1
type: kubernetes.io/tls
metadata: { name: front-tls }
data: { tls.crt: ${base64(pemOf(CERTIFICATES.bpmEast))}, tls.key: ${base64("-----BEGIN PRIVATE KEY-----")} }
`,
      "bundle.json": JSON.stringify({
        httpConfigurations: [],
        services: [
          {
            name: "s",
            policy: {
              json: JSON.stringify({
                HttpRouting: { protectedServiceUrl: "https://api.example.com/x" },
              }),
            },
          },
        ],
        trustedCerts: [],
      }),
    });
    t.strictSame(lines, [
      'listens "listens-8443" https://gateway.example.com:8443 @gateway.yaml:20:17, clientAuth requested @gateway.yaml:26:35, protocols ["TLSv1.2","TLSv1.3"] @gateway.yaml:27:23',
      'dials "api.example.com:443" https://api.example.com:443 @bundle.json:1:67',
      'store "" inline:MIIBrTCCAVOgA… @gateway.yaml:11:9',
      'client "" layer7 trusts "", nameCheck https @gateway.yaml:11:60',
      'link "" -> "api.example.com:443"',
      'note gateway.yaml:13:9 The secret "absent-ca" of externalCerts is not among these files; save it beside them',
      "note gateway.yaml:8:7 What the gateway dials stands in the bundles that spec.app.bundle names; import them beside this file",
    ]);
  },
);
