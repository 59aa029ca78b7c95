import { shellWord } from "../../words.ts";
import { insertInto, removeFrom, toPem } from "../tools/store-file.ts";
import { keytoolRequest, opensslRequest } from "../tools/certificate-request.ts";
import type { BothSides } from "../system-remedies.ts";

const NGINX_RELOAD = ["nginx -t && nginx -s reload"] as const;
const APACHE_RELOAD = ["apachectl configtest && apachectl -k graceful"] as const;
const HAPROXY_RELOAD = [
  "haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy",
] as const;
const TOMCAT_RELOAD = [
  "Restart Tomcat, or reload the certificates with the manager: GET /manager/text/sslReload",
] as const;

/** nginx, as server and as proxy (systems 15.1). */
export const NGINX: BothSides = {
  title: "nginx",
  client: {
    importCa: (job) => insertInto(job),
    remove: removeFrom,
    useStore: (path) => [
      `In the location: proxy_ssl_trusted_certificate ${path}; proxy_ssl_verify on; (off unless it is written)`,
      "And for the name: proxy_ssl_server_name on; proxy_ssl_name HOST; where an upstream group is used",
    ],
    storePassword: (path) => ["nginx reads its CAs as PEM, without a password:", toPem(path)],
    nameAsked: (host) => [
      `In the location: proxy_ssl_name NAME; with the name that the certificate carries, and proxy_ssl_server_name on; now it is ${host}, which is the name of the upstream group where one is used`,
    ],
    useIdentity: [
      "In the location: proxy_ssl_certificate CLIENT-CHAIN.pem; proxy_ssl_certificate_key CLIENT.key;",
    ],
    restart: NGINX_RELOAD,
  },
  server: {
    installChain: (file) => [
      `In the server block: ssl_certificate ${file}; the server's certificate first, then the intermediates, in one file`,
    ],
    requestCertificate: (request) => [opensslRequest(request)],
    chooseByName: (host) => [
      `See the server blocks with nginx -T: the one with server_name ${host} answers; without one the default_server of the listen line does, or the first block`,
    ],
    acceptClientCa: (file) => [
      `openssl x509 -in ${shellWord(file)} >> CLIENT-CAS.pem`,
      "CLIENT-CAS.pem is the file of ssl_client_certificate in the server block",
    ],
    restart: NGINX_RELOAD,
  },
};

/** Apache with mod_ssl, as server and as proxy (systems 15.2). */
export const APACHE: BothSides = {
  title: "Apache",
  client: {
    importCa: (job) => insertInto(job),
    remove: removeFrom,
    useStore: (path) => [
      `In the virtual host: SSLProxyCACertificateFile ${path}, and SSLProxyVerify require (none unless it is written)`,
    ],
    storePassword: (path) => ["Apache reads its CAs as PEM, without a password:", toPem(path)],
    nameAsked: (host) => [
      `The name asked for is the host of ProxyPass or BalancerMember, now ${host}: write the name there that the certificate carries; SSLProxyCheckPeerName is on, and stays on`,
    ],
    useIdentity: [
      "In the virtual host: SSLProxyMachineCertificateFile CLIENT.pem, with certificate and unencrypted key in one file",
    ],
    restart: APACHE_RELOAD,
  },
  server: {
    installChain: (file) => [
      `In the virtual host: SSLCertificateFile ${file}, the server's certificate first, then the intermediates; before 2.4.8 the intermediates go into SSLCertificateChainFile`,
    ],
    requestCertificate: (request) => [opensslRequest(request)],
    chooseByName: (host) => [
      `See the virtual hosts with apachectl -S: the one with ServerName or ServerAlias ${host} answers; without one the first of the address and port does`,
    ],
    acceptClientCa: (file) => [
      `openssl x509 -in ${shellWord(file)} >> CLIENT-CAS.pem`,
      "CLIENT-CAS.pem is the file of SSLCACertificateFile in the virtual host",
    ],
    restart: APACHE_RELOAD,
  },
};

/** HAProxy, as server and as proxy (systems 16). */
export const HAPROXY: BothSides = {
  title: "HAProxy",
  client: {
    importCa: (job) => insertInto(job),
    remove: removeFrom,
    useStore: (path) => [
      `In the server line: ssl verify required ca-file ${path} sni str(HOST) verifyhost HOST`,
    ],
    storePassword: (path) => ["HAProxy reads its CAs as PEM, without a password:", toPem(path)],
    nameAsked: () => [
      "In the server line: sni str(NAME) verifyhost NAME, with the name that the certificate carries; with neither of them no name is compared",
    ],
    useIdentity: [
      "In the server line: crt CLIENT.pem, with certificate, chain and key in one file",
    ],
    restart: HAPROXY_RELOAD,
  },
  server: {
    installChain: (file) => [
      `Put ${file} and the private key into one file, and name it in the bind line: crt FILE`,
    ],
    requestCertificate: (request) => [opensslRequest(request)],
    chooseByName: (host) => [
      `The bind line presents the certificate among its crt files, folders and crt-list that carries ${host}; without one the first, unless strict-sni is set`,
    ],
    acceptClientCa: (file) => [
      `openssl x509 -in ${shellWord(file)} >> CLIENT-CAS.pem`,
      "CLIENT-CAS.pem is the ca-file of the bind line",
    ],
    restart: HAPROXY_RELOAD,
  },
};

/** Tomcat (systems 11); as a client it is its JVM. */
export const TOMCAT: BothSides = {
  title: "Tomcat",
  client: {
    importCa: (job) => insertInto(job),
    remove: removeFrom,
    useStore: (path) => [
      `In setenv.sh: CATALINA_OPTS with -Djavax.net.ssl.trustStore=${path}, and its password from a protected place`,
    ],
    storePassword: (path) => [
      `In setenv.sh: -Djavax.net.ssl.trustStorePassword for ${path}; the store of client certificates has its own, truststorePassword of the SSLHostConfig in conf/server.xml`,
    ],
    nameAsked: () => [],
    useIdentity: [
      "In setenv.sh: CATALINA_OPTS with -Djavax.net.ssl.keyStore=FILE, and its password from a protected place",
    ],
    restart: ["Restart Tomcat"],
  },
  server: {
    installChain: (file) => [
      `With certificateFile and certificateKeyFile: certificateChainFile="${file}" at the Certificate element of conf/server.xml, or the whole chain in certificateFile`,
      `With certificateKeystoreFile: keytool -importcert -alias ALIAS -file ${shellWord(file)} -keystore KEYSTORE, where ALIAS is the entry with the private key`,
    ],
    requestCertificate: (request) => [
      "With certificateKeystoreFile, where ALIAS is certificateKeyAlias:",
      keytoolRequest("ALIAS", "KEYSTORE", request),
      "With certificateKeyFile:",
      opensslRequest(request),
    ],
    chooseByName: (host) => [
      `In conf/server.xml: the SSLHostConfig with hostName="${host}" answers; without one that of defaultSSLHostConfigName does (_default_)`,
    ],
    acceptClientCa: (file) => [
      `keytool -importcert -trustcacerts -alias client-ca -file ${shellWord(file)} -keystore TRUSTSTORE`,
      'TRUSTSTORE is the truststoreFile of the SSLHostConfig with certificateVerification="required"',
    ],
    restart: TOMCAT_RELOAD,
  },
};
