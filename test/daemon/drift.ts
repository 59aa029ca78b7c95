import { join } from "node:path";
import t from "tap";
import type { Prober } from "../../src/daemon/prober.ts";
import type { Handshake } from "../../src/probe/handshake.ts";
import { linkWhere, presentCertificate, smallPki, startDaemon } from "./fixture.ts";
import { handshake } from "./samples.ts";

void t.test("runDaemon() tells what changed at a server, also after a restart", async (t) => {
  const { root, leaf } = smallPki();
  const other = presentCertificate({ name: "Other Root", ca: true });
  const renewed = presentCertificate({ name: "localhost", issuer: root, san: ["localhost"] });
  const moved = presentCertificate({ name: "localhost", issuer: other, san: ["localhost"] });
  const folder = t.testdir({
    "roots.pem": root.pem + other.pem,
    "anchorwatch.yaml": `version: 1
truststores: { roots: { path: roots.pem } }
clients: { app: { profile: openssl-3, trust: roots } }
endpoints: { web: { url: "https://localhost:1", every: 1s } }
links: [{ from: app, to: web }]
`,
  });
  const file = join(folder, "anchorwatch.yaml");
  let served: Partial<Handshake> = { certificates: [leaf.der] };
  const prober: Prober = {
    findAddresses: async () => ({ ok: true, value: ["192.0.2.1"] }),
    probe: async (endpoint) =>
      handshake({ endpoint, serverName: "localhost", dialledPort: 1, ...served }),
  };
  const start = () => startDaemon(t, file, { prober });
  const codesOf = async (url: string, code: string) => {
    const { findings } = await linkWhere(url, (link) =>
      link.findings.some((finding) => finding.code === code),
    );
    return findings.map((finding) => finding.code);
  };

  const first = await start();
  t.same((await linkWhere(first.url, ({ state }) => state === "ok")).findings, []);
  served = { certificates: [renewed.der] };
  t.same(await codesOf(first.url, "leaf.changed"), ["leaf.changed"]);
  served = { certificates: [renewed.der, root.der] };
  t.match(await codesOf(first.url, "chain.changed"), ["chain.changed"]);
  served = { certificates: [renewed.der, root.der], version: "TLSv1.2" };
  const both = await codesOf(first.url, "handshake.version-changed");
  t.ok(both.includes("chain.changed"), "both are told");
  await first.close();

  const second = await start();
  const again = await codesOf(second.url, "handshake.version-changed");
  t.same(again, both, "the same is told after a restart");
  await second.close();
  served = { certificates: [moved.der] };
  const third = await start();
  t.match(
    await codesOf(third.url, "leaf.issuer-changed"),
    ["leaf.issuer-changed"],
    "also what changed while nobody looked",
  );
  await third.close();
});
