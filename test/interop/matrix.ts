import { readFileSync } from "node:fs";
import t from "tap";
import { requireTool } from "../tools.ts";
import { issueIdentities } from "./identities.ts";
import { SERVER_KINDS } from "./peers.ts";
import { shareOf } from "./plan.ts";
import { type CellResult, describeCell, runCell } from "./run.ts";
import { documentedRow, documentedRows, PAGE, pageOf, rowOf, tableOf } from "./table.ts";

t.test("docs/interop.md is as its generator writes it", async (t) => {
  t.equal(readFileSync(PAGE, "utf8"), pageOf(documentedRows()));
});

t.test("probe() records every handshake as the server itself reports it", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const identities = await issueIdentities(openssl, t.testdir());
  const rows: string[] = [];

  for (const [kind, start] of Object.entries(SERVER_KINDS))
    await t.test(`probe() agrees with ${kind}`, async (t) => {
      const peers = await start(identities);
      for (const peer of peers) t.teardown(() => peer.stop());
      if (peers.length === 0) {
        if (process.env["CI"] === "true") t.fail(`${kind} is not installed`);
        else t.plan(0, `${kind} is not installed`);
        return;
      }
      for (const peer of peers) {
        const results: CellResult[] = [];
        for (const cell of shareOf(peer.capabilities)) {
          const result = await runCell(cell, peer, identities);
          results.push(result);
          t.same(result.complaints, [], `${peer.name}: ${describeCell(cell)}`);
        }
        const row = rowOf(peer, results);
        rows.push(row);
        const documented = documentedRow(peer.name);
        if (documented === undefined) t.comment(`docs/interop.md has no row for ${peer.name}`);
        else t.equal(row, documented, `docs/interop.md says so of ${peer.name}`);
      }
    });

  t.comment(tableOf(rows));
});
