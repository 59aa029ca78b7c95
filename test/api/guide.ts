import { execFile } from "node:child_process";
import { promisify } from "node:util";
import t from "tap";
import { PROBLEMS } from "../../src/daemon/http/problem.ts";
import { section, tableRows, readPage } from "../docs/markdown.ts";
import { requireTool } from "../tools.ts";
import { bearer, bentProber, sha256, startWatched, TOKENS } from "./watched.ts";

const page = readPage("docs/api.md");
const run = promisify(execFile);

const examples = page.fences
  .filter(({ language }) => language === "sh")
  .flatMap(({ text }) => text.split("\n"))
  .filter((line) => line.startsWith("curl "));

t.test("docs/api.md has an example of every operation, and each of them works", async (t) => {
  if (requireTool(t, "curl") === undefined) return;
  const { daemon, folder, leaf } = await startWatched(t, {
    http: `
  tokens:
    - { name: operator, role: operate, sha256: ${sha256(TOKENS.operate)} }
  allow: ["*.test.example.com:443", "127.0.0.1:443"]`,
    prober: bentProber({ "canary.test.example.com": () => ["127.0.0.1"] }),
  });
  const answer = await fetch(`${daemon.url}api/v1/openapi.json`, { headers: bearer("operate") });
  const { paths } = (await answer.json()) as { readonly paths: Readonly<Record<string, object>> };
  const shown = new Set(examples.map((line) => /\/api\/v1\/[^"? ]+/.exec(line)?.[0] ?? ""));
  for (const path of Object.keys(paths)) {
    const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    t.ok(
      [...shown].some((each) => pattern.test(each)),
      path,
    );
    const table = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
    t.ok(page.prose.includes(table) || page.prose.includes(path.split("/").at(-1) ?? ""), table);
  }
  const env = {
    PATH: process.env["PATH"],
    WATCH: daemon.url.replace(/\/$/, ""),
    TOKEN: TOKENS.operate,
    SHA256: sha256(leaf.der),
    TIME: new Date().toISOString(),
  };
  for (const line of examples) {
    // the examples about reading are written for a daemon that everybody may read
    const command = line.includes("Authorization:")
      ? line
      : line.replace("curl ", 'curl -H "Authorization: Bearer $TOKEN" ');
    const { stdout } = await run("sh", ["-c", command], { cwd: folder, env });
    if (!line.includes(" -o ")) t.doesNotThrow(() => JSON.parse(stdout), line);
  }
});

t.test("docs/api.md lists every kind of error with its status", async (t) => {
  const rows = tableRows(section(page, "Errors"));
  const told = rows.flatMap(([status = "", codes = ""]) =>
    [...codes.matchAll(/`([a-z-]+)`/g)].map(([, code]) => `${code} ${status}`),
  );
  t.same(
    told.toSorted(),
    Object.entries(PROBLEMS)
      .map(([code, [status]]) => `${code} ${status}`)
      .toSorted(),
  );
});
