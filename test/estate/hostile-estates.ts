import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { loadEstate, parseEstate } from "../../src/estate/load-estate.ts";

const messages = (text: string): readonly string[] => {
  const result = parseEstate("e.yaml", text);
  return result.ok ? [] : result.error.map(({ message }) => message);
};

void t.test("loadEstate() refuses a file beyond the limit without reading it whole", async (t) => {
  const path = join(t.testdir(), "large.yaml");
  writeFileSync(path, "");
  truncateSync(path, 2 ** 32);
  const result = await loadEstate(path);
  t.match(result, { ok: false, error: [{ message: "Estate file is larger than 16 MiB" }] });
});

void t.test("parseEstate() refuses aliases that multiply", async (t) => {
  const levels = ["a: &l0 [1,1,1,1,1,1,1,1,1,1]"];
  for (let level = 1; level < 12; level++)
    levels.push(
      `k${level}: &l${level} [${Array(10)
        .fill(`*l${level - 1}`)
        .join(",")}]`,
    );
  t.same(messages(levels.join("\n")), ["Aliases make the estate too large"]);
});

void t.test("parseEstate() accepts aliases that merely repeat", async (t) => {
  const text = `version: 1
endpoints:
  a: { url: "https://a", labels: &team { team: x } }
  b: { url: "https://b", labels: *team }
`;
  const result = parseEstate("e.yaml", text);
  t.same(result.ok && result.value.endpoints.map(({ labels }) => labels), [
    { team: "x" },
    { team: "x" },
  ]);
});

void t.test("parseEstate() refuses nesting without end", async (t) => {
  t.same(messages(`a: ${"[".repeat(100_000)}`), ["Estate is nested too deeply"]);
  t.same(messages(`a: ${"{a: ".repeat(100_000)}`), ["Estate is nested too deeply"]);
});

void t.test("parseEstate() bounds what it tells", async (t) => {
  const keys = Array.from({ length: 5000 }, (_, index) => `k${index}: 1`).join("\n");
  const found = messages(keys);
  t.equal(found.length, 501);
  t.match(found.at(-1), /further mistakes are not shown$/);
  t.ok(messages(`${"y".repeat(1_000_000)}: 1`).join("").length < 1000, "a long key is cut");
});
