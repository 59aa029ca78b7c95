// Runs the matrix and prints its table. `--full` runs the whole product instead of the share that has every value of
// every dimension; `--write` writes docs/interop.md; further arguments select kinds of servers.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTool } from "../tools.ts";
import { issueIdentities } from "./identities.ts";
import { SERVER_KINDS } from "./peers.ts";
import { shareOf, wholeProduct } from "./plan.ts";
import { type CellResult, describeCell, runCell } from "./run.ts";
import { PAGE, pageOf, rowOf, tableOf } from "./table.ts";

const openssl = findTool("openssl");
if (openssl === undefined) throw new Error("The matrix needs the program openssl");
const words = process.argv.slice(2);
const kinds = words.filter((word) => !word.startsWith("--"));
const directory = mkdtempSync(join(tmpdir(), "interop-"));
const identities = await issueIdentities(openssl, directory);
const rows: string[] = [];
let failed = 0;
for (const [kind, start] of Object.entries(SERVER_KINDS)) {
  if (kinds.length > 0 && !kinds.includes(kind)) continue;
  const peers = await start(identities);
  if (peers.length === 0) console.error(`${kind} is not installed`);
  for (const peer of peers) {
    const plan = words.includes("--full") ? wholeProduct : shareOf;
    const results: CellResult[] = [];
    for (const cell of plan(peer.capabilities)) {
      const result = await runCell(cell, peer, identities);
      results.push(result);
      if (result.complaints.length === 0) continue;
      failed++;
      console.error(`${peer.name}: ${describeCell(cell)}\n  ${result.complaints.join("\n  ")}`);
    }
    const row = rowOf(peer, results);
    rows.push(row);
    console.error(row);
    await peer.stop();
  }
}
rmSync(directory, { recursive: true, force: true });
console.log(tableOf(rows));
if (words.includes("--write")) writeFileSync(PAGE, pageOf(rows));
process.exitCode = failed === 0 ? 0 : 1;
