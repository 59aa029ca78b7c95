import t from "tap";
import { NGINX } from "../../../src/estate/systems/nginx/importer.ts";
import { importFiles } from "./import-files.ts";

const MAIN = `# a front end
user www-data;
include modules/*.conf;
http {
    ssl_protocols TLSv1.2 TLSv1.3;
    proxy_ssl_verify on;
    proxy_ssl_trusted_certificate ca/internal.pem;
    proxy_ssl_server_name on;
    upstream bpm {
        server bpm-1.example.com:9443 max_fails=2;
        server "bpm-2.example.com:9443" backup;
        server bpm-3.example.com:9443 down;
        server unix:/run/bpm.sock;
    }
    server { listen 80; server_name www.example.com; return 301 https://$host$request_uri; }
    include sites/*.conf;
    include main.conf;
}
stream {
    server {
        listen [::1]:6514 ssl;
        ssl_certificate log.pem;
        proxy_ssl on;
        proxy_pass logs.example.com:6514;
    }
}
`;

t.test("NGINX.read() derives listeners, upstreams and links through includes", async (t) => {
  const { lines } = await importFiles(
    t,
    NGINX,
    {
      "main.conf": "include nginx.conf;\n",
      "nginx.conf": MAIN,
      "modules/empty.conf": "# nothing here\n",
      "sites/a.conf": `\uFEFFserver {\r\n  listen 443 ssl http2;\r\n  listen [::]:443 ssl;\r\n  server_name ~^x www.example.com *.example.org;\r\n  ssl_verify_client optional;\r\n  ssl_client_certificate ca/clients.pem;\r\n  location / { proxy_pass https://bpm; proxy_ssl_name bpm.example.com; }\r\n  location /plain { proxy_pass http://plain.example.com; }\r\n  location /var { proxy_pass https://$backend/x; }\r\n  location /lua { content_by_lua_block { ngx.say("proxy_pass https://not.example.com;") } }\r\n}\r\n`,
      "sites/b.conf": `server {
  listen 127.0.0.1:8443 ssl;
  server_name _;
  ssl_protocols TLSv1.3;
  ssl_verify_client on;
  proxy_ssl_verify off;
  location /api { proxy_pass https://api.example.com/v1; }
  location /grpc { grpc_pass grpcs://bpm; }
}
`,
      ".sites/hidden.conf": "server { listen 9999 ssl; }\n",
    },
    { paths: ["nginx.conf"] },
  );
  t.strictSame(lines, [
    'listens "www.example.com:443" https://www.example.com:443 @sites/a.conf:2:10, clientAuth requested @sites/a.conf:5:21, protocols ["TLSv1.2","TLSv1.3"] @nginx.conf:5:5',
    'dials "bpm-1.example.com:9443" https://bpm-1.example.com:9443 @nginx.conf:10:16, serverName bpm.example.com @sites/a.conf:7:55',
    'dials "bpm-2.example.com:9443" https://bpm-2.example.com:9443 @nginx.conf:11:16, serverName bpm.example.com @sites/a.conf:7:55',
    'listens "listens:8443" https://127.0.0.1:8443 @sites/b.conf:2:10, clientAuth required @sites/b.conf:5:21, protocols ["TLSv1.3"] @sites/b.conf:4:3',
    'dials "api.example.com:443" https://api.example.com:443 @sites/b.conf:7:30',
    'dials "bpm-1.example.com:9443-2" https://bpm-1.example.com:9443 @nginx.conf:10:16, serverName bpm @sites/b.conf:8:30',
    'dials "bpm-2.example.com:9443-2" https://bpm-2.example.com:9443 @nginx.conf:11:16, serverName bpm @sites/b.conf:8:30',
    'listens "listens:6514" tls://[::1]:6514 @nginx.conf:21:16, clientAuth none @default',
    'dials "logs.example.com:6514" tls://logs.example.com:6514 @nginx.conf:24:20',
    'store "" ca/internal.pem @nginx.conf:7:35',
    'store "unchecked" ca/internal.pem @nginx.conf:7:35',
    'client "" openssl-3 trusts "", nameCheck https @nginx.conf:7:35',
    'client "unchecked" openssl-3 trusts "unchecked", peerCheck none @sites/b.conf:6:20, nameCheck none @sites/b.conf:6:20',
    'client "unchecked-2" openssl-3 trusts nothing, peerCheck none @default, nameCheck none @-',
    'link "" -> "bpm-1.example.com:9443"',
    'link "" -> "bpm-2.example.com:9443"',
    'link "unchecked" -> "api.example.com:443"',
    'link "unchecked-2" -> "bpm-1.example.com:9443-2"',
    'link "unchecked-2" -> "bpm-2.example.com:9443-2"',
    'link "unchecked-2" -> "logs.example.com:6514"',
    "note main.conf:1:1 nginx.conf includes itself; the inner include is left out",
    "note nginx.conf:13:16 A server behind a Unix socket is not followed",
    "note sites/a.conf:9:30 What is dialled here depends on a variable of each request, and is left out",
    "warning estate.store-unusable sites/a.conf:6:26 The store of ssl_client_certificate, ca/clients.pem, is of no use: File not found",
    "warning estate.store-unusable nginx.conf:7:35 The store of proxy_ssl_trusted_certificate, ca/internal.pem, is of no use: File not found",
    "warning estate.client-auth-unconfigured sites/b.conf:5:21 ssl_verify_client on needs the CAs of the clients, and ssl_client_certificate does not name them",
    "warning estate.peer-check-off sites/b.conf:6:20 nginx does not check the certificate of https://api.example.com/v1: proxy_ssl_verify is off",
    "warning estate.peer-check-off sites/b.conf:8:30 nginx does not check the certificate of grpcs://bpm: grpc_ssl_verify is off, which is its default",
    "info estate.no-server-name sites/b.conf:8:30 nginx sends no server name to grpcs://bpm: grpc_ssl_server_name is off, which is its default",
    "warning estate.peer-check-off nginx.conf:24:20 nginx does not check the certificate of logs.example.com:6514: proxy_ssl_verify is off, which is its default",
    "info estate.no-server-name nginx.conf:24:20 nginx sends no server name to logs.example.com:6514: proxy_ssl_server_name is off, which is its default",
  ]);
});

t.test("NGINX.read() keeps what stands before a fault and refuses files outside", async (t) => {
  const { lines } = await importFiles(t, NGINX, {
    "nginx.conf": `include /etc/passwd;
http {
  server { listen 443 ssl; server_name "a.example.com"; }
  server { listen 444 ssl; server_name a.example.com; proxy_ssl_verify on; location / { proxy_pass https://bpm.example.com; } }
  server { listen "445 ssl;
`,
  });
  t.strictSame(lines, [
    'listens "a.example.com:443" https://a.example.com:443 @nginx.conf:3:19, clientAuth none @default',
    'listens "a.example.com:444" https://a.example.com:444 @nginx.conf:4:19, clientAuth none @default',
    'dials "bpm.example.com:443" https://bpm.example.com:443 @nginx.conf:4:100',
    "note nginx.conf:4:100 proxy_ssl_verify is on without proxy_ssl_trusted_certificate, with which nginx does not start",
    "warning estate.file-unreadable nginx.conf:5:19 nginx.conf is read up to a fault only: A quoted word has no end",
    "warning estate.include-refused nginx.conf:1:1 /etc/passwd is not read: it is outside .",
    "info estate.no-server-name nginx.conf:4:100 nginx sends no server name to https://bpm.example.com: proxy_ssl_server_name is off, which is its default",
  ]);
});

t.test("NGINX.read() derives mail listeners", async (t) => {
  const { lines } = await importFiles(
    t,
    NGINX,
    {
      "nginx.conf": `mail { ssl_verify_client off;
  server { listen 993 ssl; protocol imap; }
  server { listen 143; protocol imap; starttls on; }
  server { listen 110; protocol pop3; }
}
`,
    },
    { host: "mail.example.com" },
  );
  t.strictSame(lines, [
    'listens "listens:993" imaps://mail.example.com:993 @nginx.conf:2:19, clientAuth none @nginx.conf:1:26',
    'listens "listens:143" imap://mail.example.com:143 @nginx.conf:3:19, clientAuth none @nginx.conf:1:26',
  ]);
});
