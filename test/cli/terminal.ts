import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { cleanEnvironment, launcher } from "../set-up/run.ts";
import { requireTool } from "../tools.ts";
import { issuePair, listen, openLab } from "./servers.ts";

const word = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** What the command shows on a terminal, and its exit code; `typed` is entered when it asks. */
async function onTerminal(
  script: string,
  args: readonly string[],
  { typed = "", env = {} }: { readonly typed?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly shown: string; readonly code: number | null }> {
  const command = [process.execPath, launcher, ...args].map(word).join(" ");
  const child = spawn(script, ["-qec", command, "/dev/null"], {
    env: {
      ...cleanEnvironment(),
      TERM: "xterm-256color",
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
      ...env,
    },
    stdio: "pipe",
  });
  let shown = "";
  let isAsked = false;
  child.stdout.on("data", (chunk: Buffer) => {
    shown += chunk.toString("utf8");
    if (isAsked || !shown.includes("Password: ")) return;
    isAsked = true;
    // people begin to type a moment after they have read the question
    setTimeout(() => child.stdin.write(typed), 500);
  });
  const [code] = (await once(child, "close")) as [number | null];
  child.stdin.destroy();
  return { shown, code };
}

t.test("on a terminal", async (t) => {
  const lab = openLab(t);
  const script = requireTool(t, "script");
  if (lab === undefined || script === undefined) return;
  const { ca, leaf } = await issuePair(lab);
  const { port } = await lab.serve(leaf);
  const target = `localhost:${port}`;

  await t.test("check prints in colours, unless NO_COLOR objects", async (t) => {
    const args = ["check", target, "--truststore", ca.certificate];
    const coloured = await onTerminal(script, args);
    t.equal(coloured.code, 0);
    t.match(coloured.shown, `\u001b[32m✓\u001b[39m \u001b[1m${target}\u001b[22m`);
    const plain = await onTerminal(script, args, { env: { NO_COLOR: "1" } });
    t.match(plain.shown, `✓ ${target}`);
    t.notMatch(plain.shown, "\u001b");
  });

  await t.test("check counts what is done on a line of its own while it takes long", async (t) => {
    const silent = await listen(t, () => undefined);
    const list = join(lab.directory, "silent.txt");
    writeFileSync(list, `127.0.0.1:1\n127.0.0.1:${silent}\n`);
    const { shown, code } = await onTerminal(script, [
      "check",
      "--targets",
      list,
      "--timeout",
      "2.5",
    ]);
    t.equal(code, 3);
    t.match(shown, "\r\u001b[K1 checked\r\u001b[K", "the line is cleared");
    t.notMatch(shown, /checked[^\r]*✗/, "no result stands behind it");
  });

  await t.test("--truststore-password prompt asks without showing what is typed", async (t) => {
    const store = join(lab.directory, "trust.p12");
    const bundle = ["pkcs12", "-export", "-nokeys", "-in", ca.certificate, "-out", store];
    await promisify(execFile)(lab.openssl, [...bundle, "-passout", "pass:typed-pa55"]);
    const args = ["check", target, "--as", "openssl-3", "--truststore", store];
    const asking = [...args, "--truststore-password", "prompt"];
    const right = await onTerminal(script, asking, { typed: "typed-paX\u007f55\r" });
    t.equal(right.code, 0, right.shown);
    t.notMatch(right.shown, "typed-pa");
    const wrong = await onTerminal(script, asking, { typed: "typed-wrong\r" });
    t.equal(wrong.code, 3);
    t.notMatch(wrong.shown, "typed-wrong");
    const cancelled = await onTerminal(script, asking, { typed: "typed-pa\u0003" });
    t.equal(cancelled.code, 64);
    t.match(cancelled.shown, "Entering the password was cancelled");
  });
});
