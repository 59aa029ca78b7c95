import t from "tap";
import { PROMETHEUS } from "../../../src/estate/systems/prometheus/importer.ts";
import { importFiles } from "./import-files.ts";

t.test("PROMETHEUS.read() derives targets by module, from static lists and file_sd", async (t) => {
  const { lines } = await importFiles(t, PROMETHEUS, {
    "blackbox.yml": `modules:
  http_2xx: { prober: http, http: { tls_config: { ca_file: ca.pem } } }
  tls: { prober: tcp, tcp: { tls: true, tls_config: { server_name: front.example.com, cert_file: c.pem, key_file: c.key } } }
  smtp: { prober: tcp, tcp: { query_response: [ { expect: "^220" }, { starttls: true } ], tls_config: { insecure_skip_verify: true } } }
  ping: { prober: icmp }
`,
    "prometheus.yml": `scrape_configs:
  - job_name: web
    metrics_path: /probe
    params: { module: [http_2xx] }
    static_configs:
      - targets: ["https://bpm-east.example.com:9443/x", http://plain.example.com]
  - job_name: tcp
    metrics_path: /probe
    params: { module: [tls] }
    file_sd_configs: [ { files: ["sd/*.json"] } ]
  - job_name: mail
    params: { module: [smtp] }
    static_configs: [ { targets: ["mail.example.com:25"] } ]
  - job_name: lost
    params: { module: [absent] }
    static_configs: [ { targets: ["lost.example.com:1"] } ]
  - job_name: node
    scheme: https
    tls_config: { ca_file: nodes.pem }
    static_configs: [ { targets: ["node-1.example.com:9100"] } ]
`,
    "sd/a.json": `[{"targets": ["10.0.0.1:443", "[2001:db8::1]:443", "https://other.example.com"], "labels": {"env": "x"}}]`,
    "sd/b.json": `[{"targets": `,
  });
  t.strictSame(lines, [
    'dials "bpm-east.example.com:9443" https://bpm-east.example.com:9443 @prometheus.yml:6:19',
    'dials "10.0.0.1:443" tls://10.0.0.1:443 @sd/a.json:1:15, serverName front.example.com @blackbox.yml:3:68',
    'dials "[2001:db8::1]:443" tls://[2001:db8::1]:443 @sd/a.json:1:31, serverName front.example.com @blackbox.yml:3:68',
    'dials "other.example.com:443" https://other.example.com:443 @sd/a.json:1:52, serverName front.example.com @blackbox.yml:3:68',
    'dials "mail.example.com:25" smtp://mail.example.com:25 @prometheus.yml:13:35',
    'dials "node-1.example.com:9100" https://node-1.example.com:9100 @prometheus.yml:20:35',
    'store "http_2xx" ca.pem @blackbox.yml:2:60',
    'store "tls" node:system @default',
    'store "smtp" node:system @default',
    'store "job-node" nodes.pem @prometheus.yml:19:28',
    'client "http_2xx" go trusts "http_2xx", nameCheck https @default',
    'client "tls" go trusts "tls", nameCheck https @default, cert c.pem @blackbox.yml:3:98, key c.key @blackbox.yml:3:115',
    'client "smtp" go trusts "smtp", peerCheck none @blackbox.yml:4:127, nameCheck none @blackbox.yml:4:127',
    'client "job-node" go trusts "job-node", nameCheck https @default',
    'link "http_2xx" -> "bpm-east.example.com:9443"',
    'link "tls" -> "10.0.0.1:443"',
    'link "tls" -> "[2001:db8::1]:443"',
    'link "tls" -> "other.example.com:443"',
    'link "smtp" -> "mail.example.com:25"',
    'link "job-node" -> "node-1.example.com:9100"',
    'note prometheus.yml:16:35 Module "absent" is not in these files, so its targets are not understood',
    "warning estate.store-unusable blackbox.yml:2:60 The store of ca_file, ca.pem, is of no use: File not found",
    "warning estate.file-unreadable sd/b.json:1:14 sd/b.json is not read in whole: A value was expected",
    "warning estate.store-unusable prometheus.yml:19:28 The store of ca_file, nodes.pem, is of no use: File not found",
    'info estate.peer-check-off blackbox.yml:4:127 Module "smtp" does not check the certificates of its targets: insecure_skip_verify is true',
  ]);
});
