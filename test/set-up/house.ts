import { join } from "node:path";
import t, { type Test } from "tap";
import { type Ended, repository, run } from "./run.ts";

type Tree = { readonly [name: string]: string | Tree };

const checkHouse = (t: Test, src: Tree): Ended & { readonly lines: readonly string[] } => {
  const root = t.testdir({ src });
  const ended = run(process.execPath, [join(repository, "scripts", "check-house.ts"), root]);
  return { ...ended, lines: ended.stdout.split("\n").filter((line) => line !== "") };
};

const places = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => /^[^:]+:\d+/u.exec(line)?.[0] ?? line);

t.test("check-house accepts imports that run downwards and pure code that computes", async (t) => {
  const { code, lines } = checkHouse(t, {
    x509: { "a.ts": `import { createHash } from "node:crypto";\nexport const a = createHash;\n` },
    truststore: {
      "b.ts": `import { readFile } from "node:fs/promises";\nimport { a } from "../x509/a.ts";\nexport const b = [a, readFile];\nexport interface B { readonly b: string }\n`,
    },
    probe: {
      "p.ts": `import { connect } from "node:net";\nimport { a } from "../x509/a.ts";\nexport const p = [a, connect, Date.now()];\n`,
    },
    trust: {
      "c.ts": `// Date.now() and setTimeout() in a comment\nimport type { B } from "../truststore/b.ts";\nexport const c = (b: B, at: number): string => new Date(at).toISOString() + b.b + "process.exit()";\n`,
    },
    cli: {
      "d.ts": `import { p } from "../probe/p.ts";\nimport { c } from "../trust/c.ts";\nexport const d = [c, p, process.argv];\n`,
    },
  });
  t.equal(code, 0);
  t.same(lines, ["House in order: 5 files"]);
});

t.test("check-house refuses imports that run upwards, sideways or outside", async (t) => {
  const { code, lines } = checkHouse(t, {
    x509: {
      "a.ts": `import type { C } from "../trust/c.ts";\nexport type A = C;\n`,
      "lazy.ts": `export const lazy = async () => import("../trust/c.ts");\n`,
      "inline.ts": `export type I = import("../trust/c.ts").C;\n`,
    },
    probe: { "p.ts": `export { s } from "../truststore/s.ts";\n` },
    truststore: { "s.ts": `export const s = 1;\n` },
    trust: { "c.ts": `export interface C { c: 1 }\n` },
    report: { "r.ts": `import { x } from "../../scripts/x.ts";\nexport const r = x;\n` },
    misc: { "m.ts": `export const m = 1;\n` },
  });
  t.equal(code, 1);
  t.same(places(lines), [
    "src/misc/m.ts:1",
    "src/probe/p.ts:1",
    "src/report/r.ts:1",
    "src/x509/a.ts:1",
    "src/x509/inline.ts:1",
    "src/x509/lazy.ts:1",
  ]);
  t.match(lines[1], "Layer probe imports truststore; below it are x509");
});

t.test("check-house refuses pure code that reaches system, clock or chance", async (t) => {
  for (const [statement, words] of [
    [`import "node:fs";`, "imports node:fs"],
    [`import { readFile } from "node:fs/promises"; readFile;`, "imports node:fs/promises"],
    [`import net from "net"; net;`, "imports net"],
    [
      `import { setTimeout } from "node:timers/promises"; setTimeout;`,
      "imports node:timers/promises",
    ],
    [`import { DatabaseSync } from "node:sqlite"; DatabaseSync;`, "imports node:sqlite"],
    [`import { fetch as get } from "undici"; get;`, "imports undici"],
    [`await import("node:child_process");`, "imports node:child_process"],
    [`Date.now();`, "Date.now"],
    [`const clock = Date.now; clock;`, "Date.now"],
    [`new Date();`, "Date()"],
    [`performance.now();`, "performance"],
    [`setTimeout(() => {}, 1);`, "setTimeout"],
    [`const env = process.env; env;`, "process"],
    [`globalThis.process.exit();`, "process"],
    [`Math.random();`, "Math.random"],
    [`console.log(1);`, "console"],
  ] as const)
    for (const layer of ["x509", "trust", "diagnosis", "report"]) {
      if (layer !== "trust" && !statement.startsWith("Date")) continue;
      const { code, lines } = checkHouse(t, {
        [layer]: { "a.ts": `export const a = 1;\n${statement}\n` },
      });
      t.equal(code, 1, statement);
      t.equal(
        lines.length > 0 && lines.every((line) => line.startsWith(`src/${layer}/a.ts:2: `)),
        true,
        statement,
      );
      t.match(lines.join("\n"), words);
    }
});

t.test("check-house refuses pure code that loads a file which does input or output", async (t) => {
  const { code, lines } = checkHouse(t, {
    truststore: {
      "read.ts": `import { open } from "./open.ts";\nexport const read = open;\nexport type Store = 1;\n`,
      "open.ts": `import { openSync } from "node:fs";\nexport const open = openSync;\n`,
    },
    trust: {
      "a.ts": `import type { Store } from "../truststore/read.ts";\nimport { read } from "../truststore/read.ts";\nexport const a: [Store, unknown] = [1, read];\n`,
    },
  });
  t.equal(code, 1);
  t.same(lines, ["src/trust/a.ts:2: Pure code loads src/truststore/read.ts, which loads node:fs"]);
});

t.test("check-house finds this repository in order", async (t) => {
  const { code, stdout } = run(process.execPath, ["scripts/check-house.ts"]);
  t.equal(code, 0, stdout);
});
