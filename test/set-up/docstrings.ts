import { join } from "node:path";
import t, { type Test } from "tap";
import { repository, run } from "./run.ts";

const checkDocstrings = (
  t: Test,
  code: string,
): { readonly code: number | null; readonly lines: readonly string[] } => {
  const root = t.testdir({ src: { x509: { "a.ts": code } } });
  const ended = run(process.execPath, [join(repository, "scripts", "check-docstrings.ts"), root]);
  return { code: ended.code, lines: ended.stdout.split("\n").filter((line) => line !== "") };
};

t.test("check-docstrings accepts documented exports and anything private", async (t) => {
  const { code, lines } = checkDocstrings(
    t,
    `const secret = 1;
/** One. */
export const one = secret;
/** Reads. */
// A remark for maintainers.
export function read(a: string): string;
export function read(a: number): string;
export function read(a: unknown): string {
  return String(a);
}
/** Listed at the end. */
const listed = 1;
export { listed };
export { x } from "./b.ts";
`,
  );
  t.same(lines, ["Docstrings complete: 1 files"]);
  t.equal(code, 0);
});

t.test("check-docstrings refuses exports without words", async (t) => {
  for (const [statement, name] of [
    ["export const a = 1;", "a"],
    ["export function f(): void {}", "f"],
    ["export class C {}", "C"],
    ["export interface I {}", "I"],
    ["export type T = 1;", "T"],
    ["/* Not a docstring. */ export const b = 1;", "b"],
    ["/** */ export const c = 1;", "c"],
    ["// A line.\nexport const d = 1;", "d"],
    ["const e = 1; export { e };", "e"],
  ] as const) {
    const { code, lines } = checkDocstrings(
      t,
      `/** First. */\nexport const first = 1;\n${statement}\n`,
    );
    t.equal(code, 1, statement);
    t.equal(lines.length, 1, statement);
    t.match(lines[0], new RegExp(`^src/x509/a\\.ts:[34]: Exported ${name} has no docstring$`, "u"));
  }
});

t.test("check-docstrings finds every export of this repository documented", async (t) => {
  const { code, stdout } = run(process.execPath, ["scripts/check-docstrings.ts"]);
  t.equal(code, 0, stdout);
});
