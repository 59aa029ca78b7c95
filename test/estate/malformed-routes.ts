import t from "tap";
import { formatProblem } from "../../src/estate/estate.ts";
import { parseEstate } from "../../src/estate/load-estate.ts";

const problems = (endpoint: string): readonly string[] => {
  const result = parseEstate(
    "e.yaml",
    `version: 1\nzones: { dmz: {} }\nendpoints: { a: { url: "https://h", ${endpoint} } }\n`,
  );
  return result.ok ? [] : result.error.map(formatProblem);
};

for (const [name, endpoint, expected] of [
  [
    "a proxy of a strange kind",
    "proxy: 'ftp://h:1'",
    /endpoints\.a\.proxy: A proxy is written as http:/,
  ],
  ["a proxy without a port", "proxy: 'http://h'", /names its port, such as http:\/\/HOST:3128/],
  ["a password in the URL", "proxy: 'http://u:s3cret@h:1'", /A password is not taken from the URL/],
  [
    "a literal password",
    "proxy: { url: 'http://u@h:1', password: s3cret }",
    /never written into the estate/,
  ],
  ["a source that is no address", "source: h.example", /Expected an IP address of this machine/],
  [
    "a resolver that is no address",
    "resolvers: [h.example]",
    /Expected an IP address, with or without/,
  ],
  ["a version of the PROXY protocol", "proxyProtocol: v3", /Expected one of v1, v2/],
  ["a strange choice of addresses", "addresses: some", /Expected one of all, one/],
  ["an unknown zone", "zone: dmx", /Unknown zone "dmx" \(Did you mean dmz\?\)/],
  ["a phase without time", "phaseTimeout: 0s", /Expected a duration from 1s to 5m/],
] as const)
  t.test(`parseEstate() refuses ${name}`, async (t) => {
    const found = problems(endpoint);
    t.equal(found.length, 1, found.join("\n"));
    t.match(found[0], expected);
    t.notMatch(found.join(), "s3cret");
  });

t.test("parseEstate() refuses identities that are neither a pair nor a keystore", async (t) => {
  for (const identity of [
    "{}",
    "{ cert: a.pem }",
    "{ cert: a.pem, key: a.key, keystore: a.p12 }",
    "{ cert: a.pem, key: a.key, alias: x }",
    "{ cert: a.pem, key: a.key, keyPassword: { env: X } }",
  ]) {
    const text = `version: 1\ntruststores: { s: { path: s } }\nclients: { c: { profile: go, trust: s, identity: ${identity} } }\n`;
    const result = parseEstate("e.yaml", text);
    t.notOk(result.ok, identity);
    if (!result.ok) t.match(result.error[0]?.message, /either cert and key, or keystore/);
  }
});
