import fc from "fast-check";
import t from "tap";
import { defaultPort, isTargetScheme, SCHEME_ALIASES, SCHEMES } from "../../src/probe/schemes.ts";
import { formatEndpoint, parseTarget } from "../../src/probe/target.ts";

const readable: Readonly<Record<string, readonly [scheme: string, host: string, port: number]>> = {
  "example.com": ["tls", "example.com", 443],
  " example.com ": ["tls", "example.com", 443],
  "example.com:8443": ["tls", "example.com", 8443],
  localhost: ["tls", "localhost", 443],
  "under_score.example:1": ["tls", "under_score.example", 1],
  "EXAMPLE.com.": ["tls", "example.com.", 443],
  "192.0.2.7:636": ["tls", "192.0.2.7", 636],
  "2001:db8::1": ["tls", "2001:db8::1", 443],
  "[2001:db8::1]": ["tls", "2001:db8::1", 443],
  "[2001:db8::1]:636": ["tls", "2001:db8::1", 636],
  "[fe80::1%25eth0]:1": ["tls", "fe80::1%eth0", 1],
  "https://example.com": ["https", "example.com", 443],
  "HTTPS://Example.com:9443/a/b?c=d#e": ["https", "example.com", 9443],
  "https://example.com?x=@y": ["https", "example.com", 443],
  "ldaps://[2001:db8::1]/": ["ldaps", "2001:db8::1", 636],
  "smtp://mail.example.com": ["smtp", "mail.example.com", 25],
  "smtp://mail.example.com:587": ["smtp", "mail.example.com", 587],
  "postgresql://db.example.com/orders?sslmode=require": ["postgres", "db.example.com", 5432],
  "xmpp-server://example.com": ["xmpp-server", "example.com", 5269],
  "https://bücher.example": ["https", "xn--bcher-kva.example", 443],
  "straße.example:1": ["tls", "xn--strae-oqa.example", 1],
};

for (const [text, [scheme, host, port]] of Object.entries(readable))
  t.test(`parseTarget() reads ${JSON.stringify(text)}`, async (t) => {
    t.same(parseTarget(text), { ok: true, value: { scheme, host, port } });
  });

const unreadable: Readonly<Record<string, string>> = {
  "": "empty",
  "   ": "empty",
  [`${"a".repeat(2049)}`]: "too-long",
  "gopher://example.com": "scheme-unknown",
  "__proto__://example.com": "port-invalid",
  "constructor://example.com": "scheme-unknown",
  "http://example.com": "scheme-unknown",
  "user:secret@example.com": "credentials",
  "https://user:secret@example.com/": "credentials",
  "example.com:0": "port-invalid",
  "example.com:65536": "port-invalid",
  "example.com:": "port-invalid",
  "example.com:https": "port-invalid",
  "example.com:-1": "port-invalid",
  "example.com:1e3": "port-invalid",
  "[::1]:x": "port-invalid",
  "[::1": "host-invalid",
  "[example.com]:1": "host-invalid",
  "1:2:3": "host-invalid",
  "https://2001:db8::1/": "host-invalid",
  "a b": "host-invalid",
  "a\0b": "host-invalid",
  "example.com/path": "host-invalid",
  "-a.example": "host-invalid",
  "a-.example": "host-invalid",
  "a..example": "host-invalid",
  "*.example": "host-invalid",
  ".": "host-invalid",
  "https://": "host-invalid",
  "256.1.1.1": "host-invalid",
  "1.2.3": "host-invalid",
  "0x7f.1": "host-invalid",
  [`${"a".repeat(64)}.example`]: "host-invalid",
  [`${"a.".repeat(127)}example`]: "host-invalid",
};

for (const [text, code] of Object.entries(unreadable))
  t.test(`parseTarget() refuses ${JSON.stringify(text.slice(0, 40))}`, async (t) => {
    const parsed = parseTarget(text);
    t.match(parsed, { ok: false, error: { code, message: /^\S.*[^.]$/s } });
    t.notMatch(JSON.stringify(parsed), /secret/, "shows no password");
  });

t.test("parseTarget() knows every scheme with its usual port", async (t) => {
  for (const scheme of SCHEMES)
    t.same(parseTarget(`${scheme}://example.com`), {
      ok: true,
      value: { scheme, host: "example.com", port: defaultPort(scheme) },
    });
});

t.test("parseTarget() takes other names of a scheme for the scheme", async (t) => {
  for (const [alias, scheme] of SCHEME_ALIASES)
    t.match(parseTarget(`${alias}://example.com`), { ok: true, value: { scheme } });
});

const label = fc.stringMatching(/^[a-z0-9]{1,10}$/);
const name = fc.tuple(label, fc.stringMatching(/^[a-z]{2,8}$/)).map((parts) => parts.join("."));

t.test("formatEndpoint() writes what parseTarget() reads as the same endpoint", async (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SCHEMES),
      fc.oneof(name, fc.ipV4(), fc.ipV6()),
      fc.integer({ min: 1, max: 65_535 }),
      (scheme, host, port) => {
        if (!isTargetScheme(scheme)) return false;
        t.same(parseTarget(formatEndpoint({ scheme, host, port })), {
          ok: true,
          value: { scheme, host, port },
        });
        return true;
      },
    ),
  );
});

t.test("parseTarget() never throws", async (t) => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      parseTarget(text);
      parseTarget(`https://${text}`);
    }),
    { numRuns: 500 },
  );
  t.pass();
});
