import t from "tap";
import { createLog } from "../../src/daemon/log.ts";
import { noteSecret } from "../../src/daemon/redaction.ts";
import { keptLog } from "./samples.ts";

const logged = (format: "json" | "text", use: (log: ReturnType<typeof createLog>) => void) => {
  const lines: string[] = [];
  use(createLog({ format, level: "info", write: (line) => lines.push(line) }));
  return lines;
};

void t.test("createLog() writes one object a line for machines", async (t) => {
  const [line = "", ...more] = logged("json", (log) => {
    log.debug("not shown");
    log.warn({ endpoint: "bpm-east", was: "ok" }, "It broke");
  });
  t.same(more, []);
  t.match(JSON.parse(line), { level: "warn", endpoint: "bpm-east", msg: "It broke", time: /Z$/ });
  t.match(line, /\n$/);
});

void t.test("createLog() writes nothing into JSON that a terminal acts upon", async (t) => {
  const summary = "a\u009b31m\u007f\u202eb\u2028\u{e0001}\nc";
  const [line = "", ...more] = logged("json", (log) => log.warn({ summary }, summary));
  t.same(more, []);
  t.notMatch(line.trimEnd(), /[\p{C}\p{Zl}]/u);
  t.match(JSON.parse(line), { summary, msg: summary }, "and loses nothing");
});

void t.test("createLog() writes short lines for people, whatever a server sends", async (t) => {
  const [line = ""] = logged("text", (log) => {
    log.info(
      { subject: 'CN="a"\n12:00 error\u001b[31m \u202e', endpoint: "bpm-east" },
      "Line\nbreak\u001b[0m",
    );
  });
  t.match(line, /^.*\d\d:\d\d:\d\d/);
  t.match(line, "endpoint=bpm-east");
  t.match(line, "Line\\u{a}break\\u{1b}[0m");
  t.equal(line.indexOf("\n"), line.length - 1, "one line");
  t.notOk(line.includes("\u202e"));
});

void t.test(
  "createLog() shows no secret that was read, and no field that is called one",
  async (t) => {
    const secret = 'hunter2"\\\\ geheim';
    noteSecret(secret);
    noteSecret("abc");
    const { log, lines } = keptLog();
    log.warn(
      { password: "x1", nested: { token: "x2" }, path: `/a/${secret}` },
      `Refused: ${secret}`,
    );
    log.error({ error: new Error(`bad ${secret}`) }, "abc");
    const told = lines.join("");
    t.notMatch(told, /hunter2|geheim|x1|x2/);
    t.match(lines[0], /"path":"\/a\/\[redacted\]"/);
    t.match(lines[0], /"msg":"Refused: \[redacted\]"/);
    t.match(lines[1], /"msg":"abc"/, "what is too short to be told apart stays");
    const text: string[] = [];
    createLog({ format: "text", level: "info", write: (line) => text.push(line) }).info(secret);
    t.match(text[0], /\[redacted\]\n$/);
  },
);
