/**
 * Words in the issuer's name by which products that open TLS connections show themselves, with the product. They are
 * what the products put into the certificates that they make when nobody changes the setting.
 */
export const INSPECTION_NAMES: readonly (readonly [pattern: RegExp, product: string])[] = [
  [/\bzscaler\b/i, "Zscaler"],
  [/\bnetskope\b|goskope/i, "Netskope"],
  [/\bblue ?coat\b|\bproxysg\b/i, "Symantec ProxySG (Blue Coat)"],
  [/symantec web security service|cloud services ca/i, "Symantec Web Security Service"],
  [
    /fortinet_ca|fortinet_ca_ssl|fortigate ca|fortinet untrusted ca|\bfg[0-9a-z]{12,}\b/i,
    "FortiGate",
  ],
  [
    /palo ?alto networks.*(?:forward|decrypt)|(?:forward|decryption).*palo ?alto/i,
    "Palo Alto Networks",
  ],
  [/cisco umbrella|opendns/i, "Cisco Umbrella"],
  [/cisco.*(?:web security|ironport|wsa)|ironport/i, "Cisco Web Security"],
  [/forcepoint|websense/i, "Forcepoint"],
  [/mcafee.*(?:web gateway|proxy)|skyhigh/i, "Skyhigh (McAfee) Web Gateway"],
  [/sophos (?:ssl|endpoint|web|utm|firewall|central)/i, "Sophos"],
  [/sonicwall|sonicwall.*dpi-ssl/i, "SonicWall"],
  [/watchguard|fireware https proxy/i, "WatchGuard"],
  [/check ?point.*(?:https inspection|gateway)/i, "Check Point"],
  [/barracuda.*(?:ssl|web|firewall)/i, "Barracuda"],
  [/smoothwall/i, "Smoothwall"],
  [/\biboss\b/i, "iboss"],
  [/contentkeeper/i, "ContentKeeper"],
  [/lightspeed (?:rocket|systems)/i, "Lightspeed"],
  [/\bsecurly\b/i, "Securly"],
  [/goguardian/i, "GoGuardian"],
  [/linewize/i, "Linewize"],
  [/cato networks/i, "Cato Networks"],
  [/menlo security/i, "Menlo Security"],
  [/(?:gateway ca|for teams).*cloudflare|cloudflare.*(?:gateway|for teams)/i, "Cloudflare Gateway"],
  [/interscan web security/i, "Trend Micro InterScan"],
  [/trend micro.*(?:web security|deep inspect)/i, "Trend Micro"],
  [/untangle/i, "Untangle"],
  [/\buntrusted ca\b.*clearswift|clearswift/i, "Clearswift"],
  [/kaspersky.*(?:personal root|web traffic|anti-virus)/i, "Kaspersky"],
  [/avast! ?web\/mail shield|avast.*web shield/i, "Avast"],
  [/avg web\/mail shield/i, "AVG"],
  [/bitdefender.*(?:ca|personal)/i, "Bitdefender"],
  [/eset ssl filter/i, "ESET"],
  [/dr\.?web.*(?:spider|gate)/i, "Dr.Web"],
  [/\bmitmproxy\b/i, "mitmproxy"],
  [/charles proxy/i, "Charles Proxy"],
  [/do_not_trust_fiddler|fiddlerroot/i, "Fiddler"],
  [/portswigger/i, "Burp Suite"],
  [/zed attack proxy/i, "OWASP ZAP"],
  [/proxyman/i, "Proxyman"],
  [/superfish/i, "Superfish"],
  [/\bsquid\b.*(?:proxy|ca)|e2guardian/i, "Squid"],
];

/** The product that a name is known for; null where there is none. */
export function inspectionProduct(name: string): string | null {
  const text = name.slice(0, 1000);
  return INSPECTION_NAMES.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
