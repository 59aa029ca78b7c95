import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { repository } from "../set-up/run.ts";
import { anchorwatch, linesOf } from "./command.ts";

const COMMANDS = [
  [],
  ["check"],
  ["judge"],
  ["store"],
  ...["list", "show", "diff", "lint", "extract", "convert", "add", "remove"].map((name) => [
    "store",
    name,
  ]),
  ["daemon"],
  ["demo"],
];

t.test("--help describes every command within eighty columns", async (t) => {
  for (const path of COMMANDS)
    await t.test(`${["anchorwatch", ...path].join(" ")} --help`, async (t) => {
      const { code, stdout, stderr } = await anchorwatch([...path, "--help"]);
      t.equal(code, 0);
      t.equal(stderr, "");
      t.match(stdout, `Usage: ${["anchorwatch", ...path].join(" ")} `);
      t.match(stdout, "-h, --help");
      for (const line of linesOf(stdout))
        if (
          !/^ {2}anchorwatch /.test(line) &&
          !line.includes("file                                 ")
        )
          t.ok(line.length <= 96, line);
    });
});

t.test("help COMMAND and --help say the same", async (t) => {
  const [first, second] = await Promise.all([
    anchorwatch(["help", "check"]),
    anchorwatch(["check", "--help"]),
  ]);
  t.equal(first.code, 0);
  t.equal(first.stdout, second.stdout);
});

t.test("--version prints the version of the package", async (t) => {
  const { code, stdout } = await anchorwatch(["--version"]);
  t.equal(code, 0);
  const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as unknown;
  t.match(manifest, { version: stdout.trim() });
});

t.test(
  "mistakes on the command line say what was meant and where to look, and exit with 64",
  async (t) => {
    const cases: readonly (readonly [args: readonly string[], said: readonly string[]])[] = [
      [
        ["chek"],
        [
          "unknown command 'chek'",
          "(Did you mean check?)",
          "('anchorwatch --help' lists the commands)",
        ],
      ],
      [
        ["store", "lst"],
        [
          "unknown command 'lst'",
          "(Did you mean list?)",
          "('anchorwatch store --help' lists the commands)",
        ],
      ],
      [
        ["check", "--trustore", "x"],
        [
          "unknown option '--trustore'",
          "(Did you mean --truststore?)",
          "('anchorwatch check --help' lists the options)",
        ],
      ],
      [
        ["store", "list"],
        ["missing required argument 'file'", "('anchorwatch store list --help' lists the options)"],
      ],
      [["store", "list", "x", "--format", "junit"], ["This version knows text, json, ndjson"]],
      [["check", "x", "--as"], ["option '--as <profile>' argument missing"]],
      [["demo", "x"], ["too many arguments for 'demo'"]],
      [["--nope"], ["unknown option '--nope'"]],
      [["scan", "host"], ["unknown command 'scan'"]],
      [["\u001b[31mred"], ["unknown command '\ufffd[31mred'"]],
    ];
    for (const [args, said] of cases)
      await t.test(JSON.stringify(args), async (t) => {
        const { code, stdout, stderr } = await anchorwatch(args);
        t.equal(code, 64);
        t.equal(stdout, "");
        t.match(stderr, /^anchorwatch: /);
        for (const words of said) t.match(stderr, words);
        t.notMatch(stderr, "\u001b");
      });
  },
);

t.test("a command that lacks its subcommand prints its help and exits with 64", async (t) => {
  for (const path of [[], ["store"]]) {
    const { code, stdout, stderr } = await anchorwatch(path);
    t.equal(code, 64);
    t.equal(stdout, "");
    t.match(stderr, `Usage: ${["anchorwatch", ...path].join(" ")} `);
  }
});
