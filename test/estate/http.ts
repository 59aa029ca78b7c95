import t from "tap";
import { formatProblem } from "../../src/estate/estate.ts";
import { fitsAllowPattern, parseAllowPattern } from "../../src/estate/http/allow-pattern.ts";
import { parseEstate } from "../../src/estate/load-estate.ts";

const BASE = `version: 1
truststores: { people: { path: people.pem } }
endpoints: { a: { url: "https://a" } }
`;
const HASH = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";
const TOKENS = `tokens: [{ name: x, role: read, sha256: ${HASH} }]`;

const problems = (http: string): readonly string[] => {
  const estate = parseEstate("/etc/e.yaml", `${BASE}http: { ${http} }\n`);
  return estate.ok ? [] : estate.error.map(formatProblem);
};

t.test("parseEstate() completes the section http", async (t) => {
  const text = `listen: "[::]:443", tls: { cert: a.pem, key: /k.pem, password: { env: PW } }, hosts: [Watch.Example.COM.], ${TOKENS}, allow: ["*.example.com:*", "10.0.0.0/8:636"]`;
  t.same(problems(text), []);
  const estate = parseEstate("/etc/e.yaml", `${BASE}http: { ${text} }\n`);
  t.match(estate, {
    ok: true,
    value: {
      http: {
        host: "::",
        port: 443,
        tls: { certificate: "/etc/a.pem", key: "/k.pem", password: { kind: "env", name: "PW" } },
        unencrypted: false,
        tokens: [{ name: "x", role: "read", sha256: HASH, expires: null }],
        clientAuth: null,
        hosts: ["watch.example.com"],
        allow: [
          { host: { kind: "name" }, port: null },
          { host: { kind: "network" }, port: 636 },
        ],
      },
    },
  });
});

t.test("parseEstate() refuses a section http that opens too much or says too little", async (t) => {
  const clients = (more: string): string =>
    `tls: { cert: c, key: k }, clientAuth: { truststore: people, clients: [{ name: a, role: read${more} }] }`;
  for (const [text, pattern] of [
    ['listen: "0.0.0.0:1"', /without access control/],
    [`listen: "0.0.0.0:1", ${TOKENS}`, /without encryption/],
    ['listen: "watch.example.com:1", tls: { cert: a, key: b }', /without access control/],
    ["tls: { cert: a }", /key/],
    ["tokens: [{ name: x, role: admin, sha256: a }]", /read.*operate/],
    ["tokens: [{ name: x, role: read, sha256: aw_secret }]", /Expected the SHA-256 of a token/],
    [`tokens: [{ name: x, role: read, sha256: ${HASH}, expires: tomorrow }]`, /RFC 3339/],
    [clients(""), /subject or spki/],
    [clients(', subject: "CN=a"').replace("people", "none"), /none/],
    ['allow: ["*"]', /HOST:PORT/],
    ['allow: ["a.example.com:0"]', /HOST:PORT/],
    ['allow: ["1.2.3:443"]', /HOST:PORT/],
    ['hosts: ["a:80"]', /without a port/],
    ['hosts: ["10.0.0.1"]', /host name/],
    ["tokens: [], cors: true", /cors/],
  ] as const) {
    const found = problems(text).join("\n");
    t.match(found, pattern, text);
    t.notMatch(found, /aw_secret/, "what stands in the place of a hash may be the token");
  }
});

t.test("fitsAllowPattern() takes what a pattern names and nothing else", async (t) => {
  for (const [pattern, yes, no] of [
    [
      "a.example.com:443",
      ["a.example.com:443", "A.EXAMPLE.COM.:443"],
      ["a.example.com:80", "b.example.com:443"],
    ],
    [
      "*.example.com:*",
      ["a.example.com:1"],
      ["example.com:1", "a.b.example.com:1", "a.example.com.evil:1"],
    ],
    [
      "db-*.example.com:636",
      ["db-1.example.com:636", "db-.example.com:636"],
      ["db.example.com:636"],
    ],
    ["10.2.0.0/16:636", ["10.2.255.1:636"], ["10.3.0.1:636", "10.2.0.1:637", "ten:636"]],
    ["[2001:db8::]:443", ["2001:db8::#443"], ["2001:db8::1#443"]],
    ["[2001:db8::/32]:443", ["2001:db8:1::1#443"], ["2001:db9::1#443"]],
  ] as const) {
    const parsed = parseAllowPattern(pattern);
    if (parsed === null) {
      t.fail(pattern);
      continue;
    }
    const fits = (place: string): boolean => {
      const [, host = "", port] = /^(.*)[:#](\d+)$/.exec(place) ?? [];
      return fitsAllowPattern(parsed, host, Number(port));
    };
    for (const place of yes) t.equal(fits(place), true, `${pattern} takes ${place}`);
    for (const place of no) t.equal(fits(place), false, `${pattern} does not take ${place}`);
  }
});
