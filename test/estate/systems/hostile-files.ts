import t from "tap";
import { runImport } from "../../../src/estate/systems/run-import.ts";
import { EXAMPLES } from "./examples.ts";
import { hostileImport } from "./hostile-imports.ts";
import { memoryFiles } from "./memory-files.ts";

/** Changed files of each system; test/fuzz/importers.ts goes on from here. */
const RUNS = 25;

t.test("runImport() makes an estate or a failure of whatever files hold", async (t) => {
  for (const example of EXAMPLES)
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const wrong = await hostileImport(example, seed);
      if (wrong !== null) t.fail(`${example.system} with seed ${seed}: ${wrong}`);
    }
  t.pass(`${EXAMPLES.length * RUNS} changed files`);
});

t.test("runImport() goes on without one bad file of several", async (t) => {
  const bad: readonly (readonly [string, Uint8Array])[] = [
    ["zeros", new Uint8Array(5000)],
    ["9 MiB", new Uint8Array(9 * 2 ** 20).fill(0x20)],
    ["entities", Buffer.from('<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>')],
  ];
  for (const [name, bytes] of bad) {
    const server =
      '<server><include location="bad.xml"/><ldapRegistry host="l.example.net" port="636" sslEnabled="true"/></server>';
    const done = await runImport(
      {
        system: "liberty",
        paths: ["/nonexistent/s"],
        as: null,
        version: null,
        host: null,
        roots: [],
      },
      {
        files: memoryFiles(
          new Map([
            ["/nonexistent/s/server.xml", Buffer.from(server)],
            ["/nonexistent/s/bad.xml", bytes],
          ]),
        ),
        environment: {},
      },
    );
    t.ok(
      done.ok &&
        Object.keys(done.value.fragment.document.endpoints).includes("s.l.example.net:636"),
    );
    t.ok(
      done.ok &&
        done.value.fragment.issues.some(
          ({ code, summary }) =>
            code === "estate.file-unreadable" && summary.includes("/nonexistent/s/bad.xml"),
        ),
      name,
    );
  }
});
