import { join } from "node:path";
import t from "tap";
import { readEstateFile } from "../../src/daemon/threads/read-in-thread.ts";
import { loadEstate } from "../../src/estate/load-estate.ts";

const estate = (count: number, more = ""): string => {
  const names = Array.from({ length: count }, (_, index) => `endpoint-${index}`);
  return `version: 1
truststores: { roots: { path: root.pem, password: { env: ROOTS_PW } } }
clients: { app: { profile: openjdk-17, trust: roots } }
zones: { dmz: { proxy: "http://proxy.example:3128" } }
endpoints:
${names.map((name, index) => `  ${name}: { url: "https://host${index}.example:9443", zone: dmz, labels: { number: "${index}" } }`).join("\n")}
links: [{ from: app, to: [${names.join(", ")}] }]
${more}`;
};

void t.test("readEstateFile() reads a large estate as loadEstate() does", async (t) => {
  const folder = t.testdir({ "anchorwatch.yaml": estate(2501) });
  const file = join(folder, "anchorwatch.yaml");
  const [there, here] = [await readEstateFile(file), await loadEstate(file)];
  t.ok(there.ok && here.ok);
  t.same(there, here);
  t.equal(there.ok ? there.value.endpoints.length : 0, 2501);
});

void t.test("readEstateFile() tells the mistakes of a large estate, and of none", async (t) => {
  const folder = t.testdir({
    "anchorwatch.yaml": estate(2000, "schedule: { every: never }\nlinx: []\n"),
  });
  const file = join(folder, "anchorwatch.yaml");
  const [there, here] = [await readEstateFile(file), await loadEstate(file)];
  t.notOk(there.ok);
  t.same(there, here);
  const missing = join(folder, "missing.yaml");
  t.same(await readEstateFile(missing), await loadEstate(missing));
});
