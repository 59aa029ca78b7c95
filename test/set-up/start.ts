import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { newNode } from "./nodes.ts";
import { isAlive, repository, type Running, start } from "./run.ts";

/** Stands in for the program: tells its command, and takes a moment to stop, as a daemon does. */
const program = `
const timer = setInterval(() => {}, 1000);
let stopping = false;
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => {
  if (stopping) return;
  stopping = true;
  setTimeout(() => { console.log("stopped"); clearInterval(timer); }, 100);
});
console.log(process.argv[2] + " " + process.pid);
`;

const project = (estate: boolean): string => {
  const folder = mkdtempSync(join(tmpdir(), "anchorwatch-start-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const part of ["src/cli", "node_modules/.bin"])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({
      name: "x",
      type: "module",
      scripts: { start: "exec node scripts/start.mjs" },
    }),
  );
  writeFileSync(join(folder, "src/cli/main.ts"), program);
  if (estate) writeFileSync(join(folder, "anchorwatch.yaml"), "version: 1\n");
  symlinkSync(newNode, join(folder, "node_modules/.bin/node"));
  for (const file of ["bin/anchorwatch.mjs", "scripts/start.mjs"])
    cpSync(join(repository, file), join(folder, file));
  return folder;
};

/** Starts `npm start` and waits for the program in it. */
const npmStart = async (
  estate: boolean,
): Promise<{ readonly running: Running; readonly command: string; readonly pid: number }> => {
  const running = start("npm", ["start"], { cwd: project(estate), group: true });
  const found = /^(daemon|demo) (\d+)$/mu.exec(await running.printed(/^(?:daemon|demo) \d+$/mu));
  return { running, command: found?.[1] ?? "", pid: Number(found?.[2]) };
};

t.test("npm start runs the daemon where an estate file is", async (t) => {
  const { running, command } = await npmStart(true);
  t.equal(command, "daemon");
  process.kill(-running.pid, "SIGTERM");
  await running.ended;
});

for (const [what, signal, group] of [
  ["SIGTERM to npm", "SIGTERM", false],
  ["SIGTERM to the process group", "SIGTERM", true],
  ["Ctrl-C", "SIGINT", true],
] as const)
  t.test(`npm start ends cleanly on ${what}`, async (t) => {
    const { running, command, pid } = await npmStart(false);
    t.equal(command, "demo", "without an estate file it is the demo");
    process.kill(group ? -running.pid : running.pid, signal);
    const { code, stdout } = await running.ended;
    t.equal(code, 0);
    t.match(stdout, /^stopped$/mu);
    t.notOk(isAlive(pid), "no process is left");
  });
