import t from "tap";
import { anchorwatch, linesOf } from "./command.ts";
import { checkRecords } from "./records.ts";
import { issuePair, openLab } from "./servers.ts";

t.test("check ends with the code of what it found", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const { ca, leaf } = await issuePair(lab);
  const soon = await lab.issue({ name: "soon", keyType: "p256", issuer: ca, days: 20 });
  const close = await lab.issue({ name: "close", keyType: "p256", issuer: ca, days: 3 });
  const other = await lab.issue({
    name: "other",
    keyType: "p256",
    issuer: ca,
    days: 400,
    altNames: "DNS:other.example.com",
  });
  const [fine, ending, ended, misnamed] = await Promise.all(
    [leaf, soon, close, other].map(async (certificate) => {
      const { port } = await lab.serve(certificate);
      return `localhost:${port}`;
    }),
  );
  if (fine === undefined || ending === undefined || ended === undefined || misnamed === undefined)
    return;
  const nobody = "127.0.0.1:1";
  const cases: readonly (readonly [
    words: string,
    targets: readonly string[],
    code: number,
    headlines: readonly (string | null)[],
  ])[] = [
    ["nothing wrong", [fine], 0, [null]],
    ["a certificate that ends in three weeks", [ending], 1, ["leaf.expiring"]],
    ["a certificate that ends in three days", [ended], 2, ["leaf.expiring"]],
    ["another name", [misnamed], 2, ["name.default-host"]],
    ["nobody there", [nobody], 3, ["topology.unreachable"]],
    ["a warning among fine ones", [fine, ending, fine], 1, [null, "leaf.expiring", null]],
    ["a warning and nobody", [ending, nobody], 3, ["leaf.expiring", "topology.unreachable"]],
    ["a problem and nobody", [nobody, misnamed], 2, ["topology.unreachable", "name.default-host"]],
  ];
  for (const [words, targets, expected, headlines] of cases)
    await t.test(`check exits with ${expected} for ${words}`, async (t) => {
      const { code, stdout, stderr } = await anchorwatch([
        "check",
        ...targets,
        "--truststore",
        ca.certificate,
        "--format",
        "ndjson",
      ]);
      t.equal(code, expected, stderr);
      const records = checkRecords(t, stdout);
      t.same(
        records.map(({ findings }) => findings[0]?.code ?? null),
        headlines,
      );
    });

  await t.test("check exits with 2 for a chain that the client does not trust", async (t) => {
    const { code, stdout } = await anchorwatch(["check", fine, "--format", "ndjson"]);
    t.equal(code, 2);
    t.match(checkRecords(t, stdout), [{ trusted: false, nameMatch: true }]);
  });
});

t.test(
  "check exits with 64 for mistakes on the command line, and says what is right",
  async (t) => {
    const mistakes: readonly (readonly [args: readonly string[], said: string | RegExp])[] = [
      [[], "No target: name one, such as host:443, or use --targets FILE"],
      [["host:99999"], 'Target "host:99999": Port "99999" is not a number from 1 to 65535'],
      [["host name"], 'holds " ", which no host name does'],
      [["gopher://host"], "Unknown scheme"],
      [
        ["host", "--as", "openjdk-71"],
        /This version knows openjdk-8, .* \(did you mean openjdk-\d+\?\)/,
      ],
      [["host", "--format", "junti"], "(did you mean junit?)"],
      [
        ["host", "--format", "yaml"],
        "This version knows text, json, ndjson, junit, nagios, markdown, html, prometheus",
      ],
      [["host", "--name-check", "yes"], "This version knows https, ldaps, none"],
      [["host", "--at", "tomorrow"], "Use an RFC 3339 time such as 2027-01-31T12:00:00Z"],
      [["host", "--at", "2027-02-31T00:00:00Z"], "Use an RFC 3339 time"],
      [["host", "--at", "2027-01-31T12:00:00"], "Use an RFC 3339 time"],
      [["host", "--timeout", "0"], "Use a number of seconds from 0.001 to 3600"],
      [["host", "--timeout", ""], "Use a number of seconds from 0.001 to 3600"],
      [["host", "--concurrency", "0"], "Use a whole number from 1 to 1024"],
      [["host", "--concurrency", "1e2"], "Use a whole number from 1 to 1024"],
      [["host", "--connect", "a:b:c"], "no HOST, HOST:PORT or [V6]:PORT"],
      [["host", "--servername", "a:443"], "Use a host name or an IP address"],
      [["host", "--cert", "client.pem"], "--cert and --key belong together"],
      [["host", "--cert", "/nowhere.pem", "--key", "/nowhere.key"], "/nowhere.pem does not exist"],
      [["host", "--key-password", "env:A"], "--key-password is the password of --key"],
      [
        ["host", "--truststore-password", "env:A"],
        "is the password of --truststore, which is missing",
      ],
      [
        ["host", "--estate", "estate.yaml"],
        "--estate is the estate of --client NAME, which is missing",
      ],
      [["host", "--client", "pfs", "--as", "go"], "leave out --as, --truststore and --name-check"],
      [
        ["host", "--client", "pfs", "--estate", "/nowhere.yaml"],
        "/nowhere.yaml: Estate file does not exist",
      ],
      [["host", "--truststore", ","], "Name a file, or several joined by commas"],
      [["host", "--save", ""], "'--save <file>' argument '' is invalid. Name a file"],
      [["--targets", "/nowhere"], "--targets: /nowhere cannot be read (ENOENT)"],
      [["--targets", "/"], "--targets: / cannot be read (EISDIR)"],
      [["host", "--save", "/nowhere/file"], "--save: /nowhere/file cannot be written (ENOENT)"],
      [["host", "--tagets", "file"], "(Did you mean --targets?)"],
    ];
    for (const [args, said] of mistakes)
      await t.test(`check ${args.join(" ")}`.trim(), async (t) => {
        const { code, stdout, stderr } = await anchorwatch(["check", ...args]);
        t.equal(code, 64);
        t.equal(stdout, "");
        t.match(stderr, said);
        t.match(stderr, /^anchorwatch: /);
        t.notMatch(stderr, /\n\s+at /, "no stack");
      });
  },
);

t.test("check names every target of the command line that is none", async (t) => {
  const { code, stderr } = await anchorwatch(["check", "a:0", "b:1", "https://user:secret@c"]);
  t.equal(code, 64);
  t.same(linesOf(stderr), [
    "anchorwatch: 2 mistakes",
    'Target "a:0": Port "0" is not a number from 1 to 65535',
    'Target "https://…@c": A target holds no user name or password; leave out what precedes @',
  ]);
});
