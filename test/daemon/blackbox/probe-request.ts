import t from "tap";
import { addressHash } from "../../../src/daemon/blackbox/probe-exposition.ts";
import { goName } from "../../../src/daemon/blackbox/go-names.ts";
import { readProbeRequest } from "../../../src/daemon/blackbox/probe-request.ts";
import { internCertificate } from "../../../src/x509/certificate-cache.ts";
import { certificate } from "../samples.ts";

const read = (query: string, timeout?: string) =>
  readProbeRequest(new URLSearchParams(query), timeout);

t.test("readProbeRequest() reads blackbox_exporter's parameters", async (t) => {
  t.match(read("target=https://bpm.example.com:9443/x?y=1&module=java&debug=true"), {
    value: {
      endpoint: { scheme: "https", host: "bpm.example.com", port: 9443 },
      path: "/x?y=1",
      module: "java",
      debug: true,
      timeout: 10_000,
    },
  });
  t.match(read("target=ldap.example.com:636&hostname=other.example.com", "5"), {
    value: {
      endpoint: { scheme: "tls", host: "ldap.example.com", port: 636 },
      path: null,
      module: "http_2xx",
      hostname: "other.example.com",
      timeout: 4500,
    },
  });
  t.match(read("target=ldaps://[::1]"), { value: { endpoint: { scheme: "ldaps", host: "::1" } } });
});

t.test("readProbeRequest() refuses what is no request", async (t) => {
  for (const [query, message] of [
    ["", /Target parameter is missing/],
    ["target=a&target=b", /Parameter target is there twice/],
    ["target=http://a/", /expected https/],
    ["target=https://user:secret@a/", /^Target holds credentials$/],
    ["target=https://", /./],
    [`target=${"a".repeat(3000)}`, /longer than 2048/],
    ["target=a:443&hostname=a%0d%0aX: y", /Parameter hostname is no host name/],
  ] as const) {
    const request = read(query);
    t.match(request.ok ? "" : request.error, message, query.slice(0, 60));
  }
});

t.test("addressHash() is FNV-1a of 32 bits", async (t) => {
  // the published vectors of FNV-1a for the empty text, "a" and "foobar"
  t.equal(addressHash(""), 0x811c9dc5);
  t.equal(addressHash("a"), 0xe40c292c);
  t.equal(addressHash("foobar"), 0xbf9cf968);
});

t.test("goName() prints names as Go does", async (t) => {
  const parsed = internCertificate(certificate({ name: ' #a,b+c"d ' }).der);
  if (!parsed.ok) throw new Error(parsed.error.message);
  t.equal(goName(parsed.value.subject), 'CN=\\ #a\\,b\\+c\\"d\\ ');
});
