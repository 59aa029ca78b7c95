import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import t, { type Test } from "tap";
import { freePort } from "../lab/process.ts";
import { launcher } from "../set-up/run.ts";
import { anchorwatch, outcomeOf, startCommand } from "./command.ts";
import { measured } from "./measure.ts";
import { checkRecords } from "./records.ts";
import { issuePair, listen, openLab } from "./servers.ts";

const repeated = (target: string, count: number): string => `${target}\n`.repeat(count);

t.test(
  "check streams thousands of targets that refuse the connection in constant memory",
  async (t) => {
    const port = await freePort();
    const args = ["check", "--targets", "-", "--concurrency", "32", "--format", "ndjson"];
    const few = await measured(args, repeated(`127.0.0.1:${port}`, 500));
    const many = await measured(args, repeated(`127.0.0.1:${port}`, 5000));
    t.equal(few.code, 3);
    t.equal(many.code, 3);
    t.equal(checkRecords(t, few.stdout).length, 500);
    t.equal(many.stdout.split("\n").length, 5001);
    t.ok(few.peak > 0);
    t.ok(many.peak < few.peak + 48 * 1024, `${few.peak} KiB for 500, ${many.peak} KiB for 5000`);
  },
);

t.test("check streams a thousand handshakes with a real server in constant memory", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const { ca, leaf } = await issuePair(lab);
  const { port } = await lab.serve(leaf);
  const saved = join(lab.directory, "saved.ndjson");
  const args = ["check", "--targets", "-", "--truststore", ca.certificate];
  const more = ["--format", "ndjson", "--save", saved];
  const few = await measured([...args, ...more], repeated(`127.0.0.1:${port}`, 100));
  const many = await measured([...args, ...more], repeated(`127.0.0.1:${port}`, 1000));
  t.equal(few.code, 0);
  t.equal(many.code, 0);
  const records = checkRecords(t, many.stdout);
  t.equal(records.length, 1000);
  t.ok(records.every(({ trusted }) => trusted));
  t.ok(many.peak < few.peak + 48 * 1024, `${few.peak} KiB for 100, ${many.peak} KiB for 1000`);

  await t.test("judge --handshake reads them back in constant memory", async (t) => {
    const judged = await measured(
      ["judge", "--handshake", saved, "--truststore", ca.certificate, "--format", "ndjson"],
      "",
    );
    t.equal(judged.code, 0);
    t.equal(checkRecords(t, judged.stdout).length, 1000);
    t.ok(judged.peak < few.peak + 48 * 1024, `${judged.peak} KiB for 1000`);
  });
});

t.test("check keeps the order of its input, whichever answer comes first", async (t) => {
  let waiting = 0;
  const slow = await listen(t, (socket) => {
    waiting++;
    setTimeout(() => socket.resetAndDestroy(), 600);
  });
  const refused = await freePort();
  const targets = Array.from(
    { length: 200 },
    (_, index) => `127.0.0.1:${index % 50 === 0 ? slow : refused}`,
  );
  const input = targets.map((target, index) => `https://${target}/${index}\n`).join("");
  const { code, stdout } = await anchorwatch(
    ["check", "--targets", "-", "--concurrency", "8", "--format", "ndjson", "--no-investigate"],
    { input },
  );
  t.equal(code, 3);
  t.equal(waiting, 8, "a cut connection is tried again with the hello of the client");
  t.same(
    checkRecords(t, stdout).map(({ target }) => target),
    targets.map((target, index) => `https://${target}/${index}`),
  );
});

t.test("check makes as many handshakes at once as --concurrency says", async (t) => {
  let open = 0;
  let most = 0;
  const port = await listen(t, (socket) => {
    most = Math.max(most, ++open);
    setTimeout(() => {
      open--;
      socket.destroy();
    }, 50);
  });
  const run = async (concurrency: number): Promise<number> => {
    most = 0;
    await anchorwatch(
      ["check", "--targets", "-", "--concurrency", String(concurrency), "--format", "ndjson"],
      { input: repeated(`127.0.0.1:${port}`, 40) },
    );
    return most;
  };
  t.equal(await run(1), 1);
  const five = await run(5);
  t.ok(five > 1 && five <= 5, `${five} at once`);
});

t.test("check answers each target of standard input before the next one is written", async (t) => {
  const port = await freePort();
  const child = startCommand(["check", "--targets", "-", "--format", "ndjson"]);
  const outcome = outcomeOf(child);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  for (let index = 0; index < 5; index++) {
    child.stdin.write(`https://127.0.0.1:${port}/${index}\n`);
    const { value } = await answers.next();
    t.match(JSON.parse(String(value)), { target: `https://127.0.0.1:${port}/${index}` });
  }
  child.stdin.end();
  t.equal((await outcome).code, 3);
});

async function closesEarly(
  t: Test,
  args: readonly string[],
  input: string,
): Promise<{ readonly first: string; readonly stderr: string; readonly code: number | null }> {
  const child = startCommand(args);
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  child.stdin.end(input);
  const ended = once(child, "exit");
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  child.stdout.destroy();
  const [code] = (await ended) as [number | null];
  t.equal(stderr, "", "nothing to complain about");
  return { first: chunk.toString("utf8").split("\n")[0] ?? "", stderr, code };
}

t.test("check ends quietly when its reader leaves", async (t) => {
  const port = await freePort();
  const input = repeated(`127.0.0.1:${port}`, 5000);
  for (const format of ["text", "ndjson", "json"]) {
    const { first, code } = await closesEarly(
      t,
      ["check", "--targets", "-", "--format", format],
      input,
    );
    t.equal(code, 0);
    t.ok(first.length > 0, format);
  }
});

t.test("check says that its output or the saved handshakes find no room", async (t) => {
  const full = "/dev/full";
  if (!existsSync(full)) {
    t.plan(0, `${full} is not on this machine`);
    return;
  }
  const target = `127.0.0.1:${await freePort()}`;
  const saving = await anchorwatch(["check", target, "--save", full]);
  t.equal(saving.code, 64);
  t.equal(saving.stderr, `anchorwatch: --save: ${full} cannot be written (ENOSPC)\n`);
  const output = openSync(full, "w");
  const child = spawn(process.execPath, [launcher, "check", target], {
    stdio: ["ignore", output, "pipe"],
  });
  closeSync(output);
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  const [code] = (await once(child, "close")) as [number | null];
  t.equal(code, 3);
  t.equal(stderr, "anchorwatch: Standard output cannot be written (ENOSPC)\n");
});
