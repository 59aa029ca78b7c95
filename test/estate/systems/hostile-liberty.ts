import { symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { DISK_FILES } from "../../../src/estate/systems/disk-files.ts";
import { LIBERTY } from "../../../src/estate/systems/liberty/importer.ts";
import { SourceReader } from "../../../src/estate/systems/source-reader.ts";
import { type FixtureFiles, fixtureFolder, importFiles, linesOf } from "./import-files.ts";

const LDAP = '<ldapRegistry host="ldap.example.net" port="636" sslEnabled="true"/>';

/** A server whose main file holds this beside one directory that is dialled, and other files. */
const server = (inside: string, files: FixtureFiles = {}): FixtureFiles => ({
  "usr/servers/s/server.xml": `<server>${inside}${LDAP}</server>`,
  ...files,
});

const OPTIONS = { paths: ["usr/servers/s"], version: "24.0.0.9" } as const;

t.test("LIBERTY goes on without a part that is hostile or broken", async (t) => {
  const cases: readonly [string, FixtureFiles, RegExp][] = [
    [
      "an include that climbs out",
      server('<include location="../../../../secret.xml"/>'),
      /estate\.include-refused .*secret\.xml is not read: it is outside/,
    ],
    [
      "an absolute include elsewhere",
      server('<include location="/etc/passwd"/>'),
      /estate\.include-refused .*\/etc\/passwd is not read/,
    ],
    [
      "an optional include elsewhere",
      server('<include location="/etc/no-such-file" optional="true"/>'),
      /estate\.include-refused/,
    ],
    [
      "an include by URL",
      server('<include location="http://127.0.0.1:1/x.xml"/>'),
      /a URL, which is not fetched/,
    ],
    ["an include of nothing", server("<include/>"), /without a location/],
    [
      "an include with an unknown variable",
      server('<include location="${no}/x.xml"/>'),
      /nothing defines \$\{no\}/,
    ],
    [
      "an include that is missing",
      server('<include location="no.xml"/>'),
      /estate\.file-unreadable .*no\.xml does not exist/,
    ],
    [
      "includes in a circle",
      server('<include location="a.xml"/>', {
        "usr/servers/s/a.xml": '<server><include location="b.xml"/></server>',
        "usr/servers/s/b.xml": '<server><include location="a.xml"/></server>',
      }),
      /a\.xml includes itself/,
    ],
    [
      "entities that multiply",
      server('<include location="a.xml"/>', {
        "usr/servers/s/a.xml":
          '<!DOCTYPE server [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><server>&b;</server>',
      }),
      /a\.xml is passed over: Not well-formed XML: undefined entity/,
    ],
    [
      "an entity that names a file",
      server('<include location="a.xml"/>', {
        "usr/servers/s/a.xml":
          '<!DOCTYPE server [<!ENTITY f SYSTEM "file:///etc/passwd">]><server>&f;</server>',
      }),
      /undefined entity/,
    ],
    [
      "elements nested without end",
      server('<include location="a.xml"/>', { "usr/servers/s/a.xml": "<a>".repeat(200_000) }),
      /nested deeper than 100/,
    ],
    [
      "bytes that are no text",
      server('<include location="a.xml"/>', {
        "usr/servers/s/a.xml": Uint8Array.from({ length: 4096 }, (_, index) => (index * 31) % 251),
      }),
      /a\.xml is (?:passed over|not a text file)/,
    ],
    [
      "a variable that needs itself",
      server(
        '<variable name="a" value="${b}"/><variable name="b" value="${a}"/><keyStore id="defaultKeyStore" location="${a}"/>',
      ),
      /estate\.unresolved-variable/,
    ],
    [
      "variables that multiply",
      server(
        `${Array.from({ length: 40 }, (_, index) => `<variable name="v${index}" value="\${v${index + 1}}\${v${index + 1}}"/>`).join("")}<variable name="v40" value="x"/><keyStore id="defaultKeyStore" location="\${v0}"/>`,
      ),
      /estate\.unresolved-variable/,
    ],
    [
      "a host that is none",
      server('<ldapRegistry host="a b" port="70000" sslEnabled="true"/>'),
      /no port from 1 to 65535/,
    ],
  ];
  for (const [name, files, expected] of cases)
    await t.test(name, async (t) => {
      const { lines } = await importFiles(t, LIBERTY, files, OPTIONS);
      t.ok(
        lines.some((line) => expected.test(line)),
        lines.join("\n"),
      );
      t.ok(lines.some((line) => line.startsWith('dials "ldap.example.net:636"')));
    });
});

t.test("LIBERTY refuses what a link outside leads to, and files of 50 MB", async (t) => {
  const folder = fixtureFolder(t, {
    ...server('<include location="link.xml"/><include location="huge.xml"/>'),
    "elsewhere/secret.xml": "<server><keyStore id='defaultKeyStore' location='leaked'/></server>",
  });
  const config = join(folder, "usr/servers/s");
  symlinkSync(join(folder, "elsewhere/secret.xml"), join(config, "link.xml"));
  writeFileSync(join(config, "huge.xml"), "<server>");
  truncateSync(join(config, "huge.xml"), 50 * 2 ** 20);
  const reader = new SourceReader(DISK_FILES);
  reader.allow(config);
  const read = await LIBERTY.read({
    paths: [config],
    reader,
    environment: {},
    version: null,
    host: null,
  });
  const lines = read.ok ? linesOf(read.value, folder) : [];
  t.ok(lines.some((line) => /include-refused .*link\.xml is not read/.test(line)));
  t.ok(lines.some((line) => /huge\.xml is larger than 8 MiB/.test(line)));
  t.notOk(lines.some((line) => line.includes("leaked")));
});

t.test(
  "LIBERTY reads UTF-16 and Latin-1, and refuses a main file that it cannot read",
  async (t) => {
    const text =
      '<?xml version="1.0"?>\r\n<server>\r\n  <ssl id="defaultSSLConfig" verifyHostname="true"/></server>';
    const encodings = [
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]),
      Buffer.from(text, "utf16le"),
      Buffer.from(text.replace("<ssl ", "<!-- gr\u00fc\u00dfe --><ssl "), "latin1"),
    ];
    for (const bytes of encodings) {
      const { found } = await importFiles(t, LIBERTY, { "server.xml": bytes });
      const place = found.clients[0]?.nameCheck.origin;
      t.match(place, { kind: "written", place: { line: 3 } });
    }
    for (const [content, message] of [
      ["<server><a></server>", /Not well-formed XML/],
      ["<Server/>", /<server> was expected/],
      ["", /Not well-formed|no element/],
    ] as const)
      await t.rejects(importFiles(t, LIBERTY, { "server.xml": content }), { message });
    await t.rejects(importFiles(t, LIBERTY, { "a.txt": "" }), {
      message: /server\.xml does not exist/,
    });
  },
);
