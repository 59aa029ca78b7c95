import t from "tap";
import { APACHE } from "../../../src/estate/systems/apache/importer.ts";
import { importFiles } from "./import-files.ts";

const MAIN = `# main server
ServerRoot "."
Define internal_ca \${APACHE_CONFDIR}/ca/internal.pem
Listen 80
Listen 443 \\
  https
<IfModule ssl_module>
  Listen 8443
</IfModule>
<IfModule !mod_ssl.c>
  Listen 1
</IfModule>
<IfDefine Staging>
  Listen 2
</IfDefine>
SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1
IncludeOptional absent/*.conf
IncludeOptional sites/*.conf
Include apache2.conf
`;

t.test(
  "APACHE.read() derives virtual hosts and proxies through includes and variables",
  async (t) => {
    const { lines } = await importFiles(t, APACHE, {
      "apache2.conf": MAIN.replace('ServerRoot "."', "# no ServerRoot"),
      envvars:
        "SUFFIX=\nexport APACHE_CONFDIR=/etc/apache2$SUFFIX\nexport APACHE_LOG_DIR=/var/log\n",
      "sites/a.conf": `<VirtualHost *:443 [::]:443>\r
  ServerName www.example.com:443\r
  ServerAlias *.example.com example.com\r
  SSLEngine on\r
  sslverifyclient require\r
  SSLCACertificateFile "ca/clients.pem"\r
  SSLProxyEngine on\r
  SSLProxyVerify require\r
  SSLProxyCACertificateFile \${internal_ca}\r
  ProxyPass /rest https://bpm-east.example.com:9443/rest retry=0\r
  <Location /x>\r
    ProxyPass https://bpm-west.example.com/\r
  </Location>\r
  RewriteRule ^/old/(.*)$ https://old.example.com:8080/$1 [P,L]\r
  RewriteRule ^/moved https://moved.example.com/ [R]\r
</VirtualHost>\r
`,
      "sites/b.conf": `<VirtualHost _default_:8443>
  SSLEngine on
  SSLVerifyClient optional
  SSLProxyEngine on
  SSLProxyCheckPeerName off
  ProxyPass / balancer://im/
  <Proxy balancer://im>
    BalancerMember https://im-1.example.com:8443
    BalancerMember https://\${IM_2}:8443
  </Proxy>
</VirtualHost>
<VirtualHost *:80>
  ServerName plain.example.com
  ProxyPass / https://off.example.com/
</VirtualHost>
<VirtualHost *:8443>
  ServerName second.example.com
  SSLEngine on
  SSLProxyEngine on
  SSLProxyVerify require
  SSLProxyCheckPeerName off
  SSLProxyCACertificatePath /etc/ssl/certs
  SSLProxyMachineCertificateFile client.pem
  SSLProxyProtocol +TLSv1.2
  ProxyPass / https://bpm-east.example.com:9443/
</VirtualHost>
</Location>
`,
    });
    t.strictSame(lines, [
      'listens "www.example.com:443" https://www.example.com:443 @sites/a.conf:1:14, clientAuth required @sites/a.conf:5:19, protocols ["TLSv1.2","TLSv1.3"] @apache2.conf:16:1',
      'dials "bpm-east.example.com:9443" https://bpm-east.example.com:9443 @sites/a.conf:10:19',
      'dials "bpm-west.example.com:443" https://bpm-west.example.com:443 @sites/a.conf:12:15',
      'dials "old.example.com:8080" https://old.example.com:8080 @sites/a.conf:14:27',
      'listens "listens:8443" https://localhost:8443 @sites/b.conf:1:14, clientAuth requested @sites/b.conf:3:19, protocols ["TLSv1.2","TLSv1.3"] @apache2.conf:16:1',
      'dials "im-1.example.com:8443" https://im-1.example.com:8443 @sites/b.conf:8:20',
      'listens "second.example.com:8443" https://second.example.com:8443 @sites/b.conf:16:14, clientAuth none @default, protocols ["TLSv1.2","TLSv1.3"] @apache2.conf:16:1',
      'store "" /etc/apache2/ca/internal.pem @sites/a.conf:9:29',
      'store "proxy-2" /etc/ssl/certs @sites/b.conf:22:29',
      'client "" openssl-3 trusts "", nameCheck https @default',
      'client "unchecked" openssl-3 trusts nothing, peerCheck none @default, nameCheck none @sites/b.conf:5:25',
      'client "proxy-2" openssl-3 trusts "proxy-2", nameCheck none @sites/b.conf:21:25, protocols ["TLSv1.2"] @sites/b.conf:24:3, cert client.pem @sites/b.conf:23:34, key client.pem @sites/b.conf:23:34',
      'link "" -> "bpm-east.example.com:9443"',
      'link "" -> "bpm-west.example.com:443"',
      'link "" -> "old.example.com:8080"',
      'link "unchecked" -> "im-1.example.com:8443"',
      'link "proxy-2" -> "bpm-east.example.com:9443"',
      "note apache2.conf:19:1 apache2.conf includes itself; the inner include is left out",
      "note sites/b.conf:1:14 The configuration does not say under which name others reach this listener, so localhost is taken; name it with --host or host:",
      "note sites/b.conf:14:15 https://off.example.com is dialled with TLS, and SSLProxyEngine is off: httpd refuses every such request",
      "warning estate.file-unreadable sites/b.conf:27:1 sites/b.conf has a fault: The end of a section stands where no such section is open",
      "warning estate.store-unusable sites/a.conf:6:24 The store of SSLCACertificateFile, ca/clients.pem, is of no use: File not found",
      "warning estate.store-unusable sites/a.conf:9:29 The store of SSLProxyCACertificateFile, /etc/apache2/ca/internal.pem, is of no use: File not found",
      "warning estate.plain-port sites/a.conf:14:27 https://old.example.com:8080 asks for TLS on port 8080, which is HTTP of an API Gateway, Tomcat or WildFly without TLS",
      "warning estate.client-auth-unconfigured sites/b.conf:3:19 SSLVerifyClient optional needs the CAs of the clients, and SSLCACertificateFile does not name them",
      "warning estate.peer-check-off sites/b.conf:4:18 Apache does not check the chains of the servers that it dials: SSLProxyVerify is none, which is its default",
      "warning estate.unresolved-variable sites/b.conf:9:20 What is dialled here holds IM_2, which is not set, and is left out",
      "warning estate.name-check-off sites/b.conf:21:25 Apache does not check the host names of the servers that it dials: SSLProxyCheckPeerName is off",
    ]);
  },
);
