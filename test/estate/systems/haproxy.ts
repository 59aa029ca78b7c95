import t from "tap";
import { HAPROXY } from "../../../src/estate/systems/haproxy/importer.ts";
import { importFiles } from "./import-files.ts";

const MAIN = `\uFEFFglobal
    ca-base /etc/haproxy/ca
    crt-base /etc/haproxy/crt
    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets   # a comment
    ssl-default-server-options no-tlsv10

defaults web
    mode http
    default-server check

frontend www
    bind *:443,[::1]:444 ssl crt site.pem alpn h2,http/1.1
    bind 127.0.0.1:8443 ssl crt site.pem ca-file clients.pem verify required ssl-max-ver TLSv1.2
    bind :80
    bind unix@/run/haproxy.sock ssl crt site.pem
    bind "\${ADDRESS-127.0.0.2}:8444" ssl crt site.pem verify optional
    default_backend bpm

backend bpm
    server one bpm-1.example.com:9443 ssl verify required ca-file internal.pem sni str(bpm.example.com)
    server two bpm-2.example.com:9443 ssl verify required ca-file internal.pem verifyhost bpm.example.com
    server three bpm-3.example.com:9443 ssl verify required ca-file internal.pem
    server four bpm-4.example.com:9443 ssl verify none
    server five bpm-5.example.com:9080 ssl verify required ca-file @system-ca sni req.hdr(host) crt "client key.pem"
    server plain bpm-6.example.com:9080
    server-template tpl 1-3 tpl.example.com:9443 ssl verify required ca-file internal.pem sni str(tpl.example.com)
    server variable "\${NOT_SET}:9443" ssl verify none

defaults
    mode tcp

listen ldaps
    bind :::636 ssl crt 'site.pem'
    default-server ssl ca-file internal.pem
    server dir ldap.example.com:636 verifyhost ldap.example.com
    server off ldap-2.example.com:389 no-ssl
`;

t.test(
  "HAPROXY.read() derives binds and servers with defaults, quotes and variables",
  async (t) => {
    const { lines } = await importFiles(
      t,
      HAPROXY,
      { "haproxy.cfg": MAIN.replaceAll("\n", "\r\n") },
      { paths: ["haproxy.cfg"], host: "lb.example.com" },
    );
    t.strictSame(lines, [
      'listens "www:443" https://lb.example.com:443 @haproxy.cfg:12:10, clientAuth none @default, protocols ["TLSv1.2","TLSv1.3"] @haproxy.cfg:4:42',
      'listens "www:444" https://lb.example.com:444 @haproxy.cfg:12:10, clientAuth none @default, protocols ["TLSv1.2","TLSv1.3"] @haproxy.cfg:4:42',
      'listens "www:8443" https://lb.example.com:8443 @haproxy.cfg:13:10, clientAuth required @haproxy.cfg:13:69, protocols ["TLSv1.2"] @haproxy.cfg:4:42',
      'listens "www:8444" https://lb.example.com:8444 @haproxy.cfg:16:10, clientAuth requested @haproxy.cfg:16:62, protocols ["TLSv1.2","TLSv1.3"] @haproxy.cfg:4:42',
      'listens "ldaps:636" tls://lb.example.com:636 @haproxy.cfg:33:10, clientAuth none @default, protocols ["TLSv1.2","TLSv1.3"] @haproxy.cfg:4:42',
      'dials "bpm-1.example.com:9443" https://bpm-1.example.com:9443 @haproxy.cfg:20:16, serverName bpm.example.com @haproxy.cfg:20:84',
      'dials "bpm-2.example.com:9443" https://bpm-2.example.com:9443 @haproxy.cfg:21:16, serverName bpm.example.com @haproxy.cfg:21:91',
      'dials "bpm-3.example.com:9443" https://bpm-3.example.com:9443 @haproxy.cfg:22:18',
      'dials "bpm-4.example.com:9443" https://bpm-4.example.com:9443 @haproxy.cfg:23:17',
      'dials "bpm-5.example.com:9080" https://bpm-5.example.com:9080 @haproxy.cfg:24:17',
      'dials "tpl.example.com:9443" https://tpl.example.com:9443 @haproxy.cfg:26:29',
      'dials "ldap.example.com:636" tls://ldap.example.com:636 @haproxy.cfg:35:16',
      'store "" /etc/haproxy/ca/internal.pem @haproxy.cfg:20:67',
      'store "bpm" /etc/haproxy/ca/internal.pem @haproxy.cfg:22:69',
      'store "bpm-2" node:system @haproxy.cfg:24:68',
      'client "" openssl-3 trusts "", nameCheck https @haproxy.cfg:20:5, protocols ["TLSv1.1","TLSv1.2","TLSv1.3"] @haproxy.cfg:20:5',
      'client "bpm" openssl-3 trusts "bpm", nameCheck none @haproxy.cfg:22:5, protocols ["TLSv1.1","TLSv1.2","TLSv1.3"] @haproxy.cfg:22:5',
      'client "unchecked" openssl-3 trusts nothing, peerCheck none @haproxy.cfg:23:51, nameCheck none @haproxy.cfg:23:5, protocols ["TLSv1.1","TLSv1.2","TLSv1.3"] @haproxy.cfg:23:5',
      'client "bpm-2" openssl-3 trusts "bpm-2", nameCheck https @haproxy.cfg:24:5, protocols ["TLSv1.1","TLSv1.2","TLSv1.3"] @haproxy.cfg:24:5, cert /etc/haproxy/crt/client key.pem @haproxy.cfg:24:101, key /etc/haproxy/crt/client key.pem @haproxy.cfg:24:101',
      'link "" -> "bpm-1.example.com:9443"',
      'link "" -> "bpm-2.example.com:9443"',
      'link "bpm" -> "bpm-3.example.com:9443"',
      'link "unchecked" -> "bpm-4.example.com:9443"',
      'link "bpm-2" -> "bpm-5.example.com:9080"',
      'link "" -> "tpl.example.com:9443"',
      'link "" -> "ldap.example.com:636"',
      "note haproxy.cfg:15:5 The address of this listener is a socket or a range and is not followed",
      "warning estate.store-unusable haproxy.cfg:13:50 The store of ca-file, /etc/haproxy/ca/clients.pem, is of no use: File not found",
      "warning estate.client-auth-unconfigured haproxy.cfg:16:62 verify optional needs the CAs of the clients, and ca-file does not name them",
      "warning estate.store-unusable haproxy.cfg:20:67 The store of ca-file, /etc/haproxy/ca/internal.pem, is of no use: File not found",
      "info estate.no-server-name haproxy.cfg:21:16 HAProxy sends no server name to bpm/two: the line has no sni",
      "info estate.no-server-name haproxy.cfg:22:18 HAProxy sends no server name to bpm/three: the line has no sni",
      "warning estate.name-check-off haproxy.cfg:22:5 HAProxy does not check the name of bpm/three: the line has neither sni nor verifyhost",
      "info estate.no-server-name haproxy.cfg:23:17 HAProxy sends no server name to bpm/four: the line has no sni",
      "warning estate.peer-check-off haproxy.cfg:23:51 HAProxy does not check the certificate of bpm/four: verify none",
      "warning estate.plain-port haproxy.cfg:24:17 https://bpm-5.example.com:9080 asks for TLS on port 9080, which is HTTP of WebSphere and Liberty without TLS",
      "warning estate.unresolved-variable haproxy.cfg:27:21 The address of this server holds NOT_SET, which is not set, and is left out",
      "info estate.no-server-name haproxy.cfg:35:16 HAProxy sends no server name to ldaps/dir: the line has no sni",
    ]);
  },
);

t.test("HAPROXY.read() joins the files of a folder and names faults", async (t) => {
  const { lines } = await importFiles(t, HAPROXY, {
    "00-global.cfg": "bind :443 ssl\nglobal\n ssl-server-verify none\n",
    "10-web.cfg":
      "frontend f\n bind 10.0.0.1:443 ssl crt 'open\n bind 10.0.0.2:443 ssl crt a verify required\nbackend b\n server s 10.0.0.3:443 ssl\n",
  });
  t.strictSame(lines, [
    'listens "f:443" tls://10.0.0.1:443 @10-web.cfg:2:7, clientAuth none @default',
    'listens "f:443-2" tls://10.0.0.2:443 @10-web.cfg:3:7, clientAuth required @10-web.cfg:3:37',
    'dials "10.0.0.3:443" tls://10.0.0.3:443 @10-web.cfg:5:11',
    'client "unchecked" openssl-3 trusts nothing, peerCheck none @00-global.cfg:3:20, nameCheck none @10-web.cfg:5:2',
    'link "unchecked" -> "10.0.0.3:443"',
    "warning estate.file-unreadable 00-global.cfg:1:1 00-global.cfg has a fault: A line stands in front of the first section",
    "warning estate.file-unreadable 10-web.cfg:2:28 10-web.cfg has a fault: A quote has no end",
    "warning estate.client-auth-unconfigured 10-web.cfg:3:37 verify required needs the CAs of the clients, and ca-file does not name them",
    "warning estate.peer-check-off 00-global.cfg:3:20 HAProxy does not check the certificate of b/s: ssl-server-verify none",
  ]);
});
