import { fileURLToPath } from "node:url";
import t from "tap";
import { run } from "../demo/run.ts";

t.test(
  "parseCertificate() and judge() withstand 8,000 inputs that look for new branches",
  async (t) => {
    t.setTimeout(0);
    const script = fileURLToPath(new URL("../fuzz/certificate.ts", import.meta.url));
    // the test runner's loader would measure the coverage of the instrumented code
    const { code, stdout, stderr } = await run("/usr/bin/env", [
      "-u",
      "NODE_OPTIONS",
      process.execPath,
      script,
      "8000",
      "7",
    ]);
    t.equal(code, 0, stdout + stderr);
    const { runs, corpus, reached, arms } = JSON.parse(stdout) as Record<string, number>;
    t.equal(runs, 8000);
    t.ok((corpus ?? 0) > 100, `${corpus} inputs reached something new`);
    t.comment(`${reached} of ${arms} arms reached`);
  },
);
