import type { MetricFamily } from "../metric-catalogue.ts";

const gauge = (name: string, labels: readonly string[], help: string): MetricFamily => ({
  name,
  type: "gauge",
  labels,
  help,
});

/** What `/probe` answers: blackbox_exporter's names and labels, then our own. */
export const BLACKBOX = {
  success: gauge("probe_success", [], "Whether the client of the module can use the target"),
  duration: gauge("probe_duration_seconds", [], "How long the probe took"),
  dnsLookup: gauge("probe_dns_lookup_time_seconds", [], "How long the name took to be resolved"),
  ipProtocol: gauge("probe_ip_protocol", [], "Version of IP that was used, 4 or 6"),
  ipAddressHash: gauge(
    "probe_ip_addr_hash",
    [],
    "FNV-1a hash of the address, by which a change is seen",
  ),
  httpSsl: gauge("probe_http_ssl", [], "Whether TLS was used; always 1"),
  httpStatus: gauge("probe_http_status_code", [], "Status of the answer"),
  httpDuration: gauge("probe_http_duration_seconds", ["phase"], "How long each phase took"),
  earliestExpiry: gauge(
    "probe_ssl_earliest_cert_expiry",
    [],
    "When the first of the certificates sent expires",
  ),
  lastChainExpiry: gauge(
    "probe_ssl_last_chain_expiry_timestamp_seconds",
    [],
    "When the first certificate of the path expires by which the client trusts the target",
  ),
  lastChainInfo: gauge(
    "probe_ssl_last_chain_info",
    ["fingerprint_sha256", "subject", "issuer", "subjectalternative", "serialnumber"],
    "The certificate of the target; always 1",
  ),
  tlsVersion: gauge("probe_tls_version_info", ["version"], "Version of TLS; always 1"),
  tlsCipher: gauge("probe_tls_cipher_info", ["cipher"], "Cipher suite; always 1"),
  trusted: gauge("anchorwatch_probe_trusted", [], "Whether the client trusts the chain"),
  nameMatch: gauge("anchorwatch_probe_name_match", [], "Whether the name fits the certificate"),
  breaks: gauge(
    "anchorwatch_probe_breaks_timestamp_seconds",
    [],
    "First time at which the verdict of the client turns bad",
  ),
  finding: gauge(
    "anchorwatch_probe_finding_info",
    ["code", "severity"],
    "A finding about the target; always 1",
  ),
  failure: gauge(
    "anchorwatch_probe_failure_info",
    ["reason"],
    "Why no handshake was complete; always 1",
  ),
} as const satisfies Readonly<Record<string, MetricFamily>>;
