import t from "tap";
import { formatProblem } from "../../src/estate/estate.ts";
import { loadEstate, parseEstate } from "../../src/estate/load-estate.ts";

const problems = (text: string): readonly string[] => {
  const result = parseEstate("e.yaml", text);
  return result.ok ? [] : result.error.map(formatProblem);
};

const BASE = `version: 1
truststores: { s: { path: s.pem } }
clients: { pfs: { profile: openjdk-17, trust: s } }
endpoints: { bpm-east: { url: "https://h" } }
`;

const SECRETS = "(Use { env: NAME }, { file: PATH } or { stash: PATH })";

for (const [name, text, expected] of [
  ["an empty file", "", ['e.yaml:1:1 version: Missing key "version"']],
  ["a list", "- 1\n", ["e.yaml:1:1: Expected a mapping, found a list"]],
  ["a scalar", "hello", ['e.yaml:1:1: Expected a mapping, found "hello"']],
  ["another version", "version: 2", ["e.yaml:1:10 version: Expected 1, found 2"]],
  [
    "an unclosed bracket",
    "version: 1\nlinks: [\nhttp: {}\n",
    [
      "e.yaml:3:1: Not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  ],
  ["an unclosed quote", "version: 1\nhttp: 'x\n", ["e.yaml:3:1: Not YAML: Missing closing 'quote"]],
  ["a tab", "\tversion: 1", ["e.yaml:1:1: Not YAML: Tabs are not allowed as indentation"]],
  [
    "a start that is no time",
    BASE.replace("trust: s }", "trust: s, started: yesterday }"),
    [
      'e.yaml:3:59 clients.pfs.started: Expected an RFC 3339 time such as 2027-01-01T20:00:00Z, or { pidFile: PATH }, found "yesterday"',
    ],
  ],
  ["a tag", "version: !x 1", ["e.yaml:1:10: Not YAML: Unresolved tag: !x"]],
  [
    "two documents",
    "version: 1\n---\nversion: 1\n",
    ["e.yaml:2:1: An estate is one YAML document, and a second one begins here"],
  ],
  [
    "an alias without an anchor",
    "version: 1\nlinks: *x\n",
    ['e.yaml:2:8: Alias "x" has no anchor (Name the value it stands for with &)'],
  ],
  [
    "a repeated key",
    "version: 1\nhttp: {}\nendpoints:\n  a: { url: 'https://h' }\n  a: { url: 'https://i' }\nhttp: {}\n",
    [
      'e.yaml:5:3 endpoints.a: Key "a" is written twice (First written in line 4)',
      'e.yaml:6:1 http: Key "http" is written twice (First written in line 2)',
    ],
  ],
  [
    "an unknown key with a likely meaning",
    `${BASE}shedule: { every: 5m }\n`,
    ['e.yaml:5:1 shedule: Unknown key "shedule" (Did you mean schedule?)'],
  ],
  [
    "an unknown key with none",
    `${BASE}http: { colour: red }\n`,
    [
      'e.yaml:5:9 http.colour: Unknown key "colour" (Known keys: listen, tls, unencrypted, tokens, clientAuth, hosts, allow)',
    ],
  ],
  [
    "an unknown profile",
    "version: 1\ntruststores: { s: { path: p } }\nclients:\n  a: { profile: openjdk-71, trust: s }\n",
    [
      'e.yaml:4:17 clients.a.profile: Expected a profile, found "openjdk-71" (Did you mean openjdk-11?)',
    ],
  ],
  [
    "missing keys",
    "version: 1\nclients:\n  a: {}\nlinks:\n  - from: a\n",
    [
      'e.yaml:3:3 clients.a.profile: Missing key "profile"',
      'e.yaml:3:3 clients.a.trust: Missing key "trust"',
      'e.yaml:5:5 links[0].to: Missing key "to"',
    ],
  ],
  [
    "names that nothing defines",
    `${BASE}links:\n  - { from: pfsx, to: bpm-east }\n  - from: pfs\n    to:\n      - bpm-esat\n      - zzz\n`,
    [
      'e.yaml:6:13 links[0].from: Unknown client "pfsx" (Did you mean pfs?)',
      'e.yaml:9:9 links[1].to[0]: Unknown endpoint "bpm-esat" (Did you mean bpm-east?)',
      'e.yaml:10:9 links[1].to[1]: Unknown endpoint "zzz" (Define it under endpoints)',
    ],
  ],
  [
    "an unknown truststore",
    "version: 1\nclients: { a: { profile: openssl-3, trust: [corp] } }",
    ['e.yaml:2:45 clients.a.trust[0]: Unknown truststore "corp" (Define it under truststores)'],
  ],
  [
    "a literal password",
    "version: 1\ntruststores:\n  a: { path: a.p12, password: hunter2 }\n  b: { path: b.p12, password: 123456 }\n",
    [
      `e.yaml:3:31 truststores.a.password: A password is never written into the estate ${SECRETS}`,
      `e.yaml:4:31 truststores.b.password: A password is never written into the estate ${SECRETS}`,
    ],
  ],
  [
    "a secret from nowhere and from two places",
    "version: 1\ntruststores:\n  a: { path: a.p12, password: {} }\n  b: { path: b.p12, password: { env: A, file: b } }\n",
    [
      `e.yaml:3:31 truststores.a.password: Expected exactly one of env, file, stash, encoded, and config with at ${SECRETS}`,
      `e.yaml:4:31 truststores.b.password: Expected exactly one of env, file, stash, encoded, and config with at ${SECRETS}`,
    ],
  ],
  [
    "durations out of form or range",
    `${BASE}schedule: { every: 5, timeout: 99h }\nhistory: { keep: 1y }\nthresholds: { warning: 0%, critical: soon }\n`,
    [
      "e.yaml:5:20 schedule.every: Expected a duration from 1s to 30d, such as 30s, 5m, 12h or 30d, found 5",
      'e.yaml:5:32 schedule.timeout: Expected a duration from 1s to 5m, such as 30s, 5m, 12h or 30d, found "99h"',
      'e.yaml:6:18 history.keep: Expected a duration from 1d to 36500d, such as 30s, 5m, 12h or 30d, found "1y"',
      'e.yaml:7:24 thresholds.warning: Expected a duration such as 30d, or a share of the lifetime such as 33%, found "0%"',
      'e.yaml:7:38 thresholds.critical: Expected a duration such as 30d, or a share of the lifetime such as 33%, found "soon"',
    ],
  ],
  [
    "thresholds in the wrong order",
    `${BASE}thresholds: { warning: 7d, critical: 30d }\n`,
    [
      "e.yaml:5:38 thresholds.critical: The critical threshold is longer than the warning threshold (The warning comes first, so it is the longer time)",
    ],
  ],
  [
    "numbers out of range",
    `${BASE}schedule: { concurrency: 0, perHost: 1.5 }\n`,
    [
      "e.yaml:5:26 schedule.concurrency: Expected a whole number from 1 to 10000, found 0",
      "e.yaml:5:38 schedule.perHost: Expected a whole number from 1 to 1000, found 1.5",
    ],
  ],
  [
    "listening beyond loopback",
    `${BASE}http: { listen: "0.0.0.0:9643" }\n`,
    [
      "e.yaml:5:17 http.listen: Listening on 0.0.0.0:9643 would open the page and the API to other machines without access control (Use a loopback address such as 127.0.0.1:9643, or add http.tls and http.tokens)",
    ],
  ],
  [
    "an address to listen on without a port",
    `${BASE}http: { listen: localhost }\n`,
    ['e.yaml:5:17 http.listen: Expected host:port such as 127.0.0.1:9643, found "localhost"'],
  ],
  [
    "empty sections",
    "version: 1\nclients:\nlinks:\n",
    [
      "e.yaml:2:9 clients: Expected a mapping, found nothing",
      "e.yaml:3:7 links: Expected a list of links, found nothing",
    ],
  ],
  [
    "a wrong item in a list and a wrong shape for one",
    `${BASE}links:\n  - { from: pfs, to: [bpm-east, 5] }\n  - { from: pfs, to: { a: 1 } }\n  - pfs\n`,
    [
      "e.yaml:6:33 links[0].to[1]: Expected a name of 1 to 128 printable characters, found 5",
      "e.yaml:7:22 links[1].to: Expected the name of an endpoint, or a list of names, found a mapping",
      'e.yaml:8:5 links[2]: Expected a mapping, found "pfs"',
    ],
  ],
  [
    "names with control and direction-changing characters",
    'version: 1\nendpoints:\n  "a\\nb": { url: "https://h" }\n  "a\\u202eb": { url: "https://h" }\n',
    [
      'e.yaml:3:3 endpoints.a\\u000ab: Expected a name of 1 to 128 printable characters, found "a\\nb"',
      'e.yaml:4:3 endpoints.a\\u202eb: Expected a name of 1 to 128 printable characters, found "a\\u202eb"',
    ],
  ],
  [
    "addresses",
    `version: 1
endpoints:
  a: { url: "htps://h" }
  b: { url: "https://user:hunter2@h" }
  c: { url: "ldap://h:" }
  d: { url: "https://h:99999" }
  e: { url: "https://h", connect: "https://i" }
  f: { url: 443 }
`,
    [
      'e.yaml:3:13 endpoints.a.url: Unknown scheme "htps"; known are tls, https, wss, ldaps, imaps, pop3s, smtps, ftps, nntps, ircs, mqtts, amqps, ldap, imap, pop3, smtp, lmtp, ftp, nntp, xmpp, xmpp-server, sieve, irc, postgres, mysql, mssql, rdp',
      "e.yaml:4:13 endpoints.b.url: A target holds no user name or password; leave out what precedes @",
      'e.yaml:5:13 endpoints.c.url: Port "" is not a number from 1 to 65535',
      'e.yaml:6:13 endpoints.d.url: Port "99999" is not a number from 1 to 65535',
      'e.yaml:7:35 endpoints.e.connect: Expected host or host:port, found "https://i"',
      "e.yaml:8:13 endpoints.f.url: Expected a URL such as https://host:port, found 443",
    ],
  ],
  [
    "an environment variable that is none",
    "version: 1\ntruststores:\n  a: { path: a.p12, password: { env: 'hunter2!' } }\n",
    ["e.yaml:3:38 truststores.a.password.env: Expected the name of a variable"],
  ],
  [
    "a reserved name",
    "version: 1\nendpoints:\n  __proto__: { url: 'https://h' }\n",
    ["e.yaml:3:3 endpoints.__proto__: Name __proto__ is reserved (Choose another name)"],
  ],
] as const)
  void t.test(`parseEstate() tells position and repair of ${name}`, async (t) => {
    t.same(problems(text), expected);
  });

void t.test("parseEstate() tells every mistake of a file at once", async (t) => {
  const found = problems(`version: 1
truststores:
  corp: { path: 3 }
  corp: { path: c.pem, password: secret }
clients:
  pfs: { profile: java, trust: [crop], nameCheck: yes }
endpoints:
  a: { url: "https://user:hunter2@h", every: often }
links: [{ from: pfs, to: b }]
`);
  t.equal(found.length, 8);
  t.notMatch(found.join("\n"), /hunter2|"secret"/, "no password is shown");
});

void t.test("loadEstate() tells why a file cannot be read", async (t) => {
  const folder = t.testdir({ "latin1.yaml": Buffer.from([0x61, 0x3a, 0x20, 0xe9]) });
  for (const [path, message] of [
    [`${folder}/missing.yaml`, "Estate file does not exist (Name it with --estate FILE)"],
    [folder, "Estate is a folder, not a file (Name the file inside it)"],
    [`${folder}/latin1.yaml`, "Estate file is not UTF-8 text (Save it as UTF-8)"],
  ] as const) {
    const result = await loadEstate(path);
    t.same(result.ok ? [] : result.error.map(formatProblem), [`${path}: ${message}`]);
  }
});
