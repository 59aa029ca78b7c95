import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { type OracleProcess, startOracle } from "../../differential/oracle-process.ts";
import { findTool } from "../../tools.ts";
import type { Estate, StoreFile } from "./scenario.ts";

const SOURCE = fileURLToPath(new URL("go", import.meta.url));

let started: Promise<OracleProcess> | undefined;

/** The Go program of this test file, compiled when it is asked for first. */
async function start(): Promise<OracleProcess> {
  const folder = mkdtempSync(join(tmpdir(), "lab-go-"));
  const program = join(folder, "client");
  execFileSync(findTool("go") ?? "go", ["build", "-o", program, "."], {
    cwd: SOURCE,
    env: {
      ...process.env,
      GOFLAGS: "-mod=mod",
      GOPROXY: "off",
      GOCACHE: join(tmpdir(), "differential-go-cache"),
    },
  });
  const oracle = await startOracle(program, []);
  t.teardown(async () => {
    await oracle.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return oracle;
}

/** Connects with crypto/tls; null when the server was accepted, else the words of the error. */
export async function connectWithGo(
  { port, host, identity }: Estate,
  store: StoreFile,
): Promise<string | null> {
  started ??= start();
  const oracle = await started;
  const words = [String(port), host, store.path, identity?.certificate ?? "", identity?.key ?? ""];
  const [answer, literal = '""'] = (await oracle.ask(words.join("\t"))).split("\t");
  return answer === "accepted" ? null : String(JSON.parse(literal));
}
