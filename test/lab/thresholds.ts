import t from "tap";
import { checkRecords } from "../cli/records.ts";
import { requireTool } from "../tools.ts";
import { runCommand } from "../cli/command-thread.ts";
import { openLab } from "./scenarios/lab.ts";
import { hierarchy, HOST, leaf } from "./scenarios/pki.ts";

const corp = hierarchy("Corp");

t.test("check --client takes a share of the lifetime of the server's certificate", async (t) => {
  if (requireTool(t, "openssl") === undefined) return;
  const lab = openLab("C4");
  t.teardown(() => lab.stop());
  // 20 of 100 days are left
  const sent = [leaf(corp.issuing, { from: -80, until: 20 }), corp.issuing];
  const { port } = await lab.serve(sent);
  const severity = async (warning: string, critical: string): Promise<string | undefined> => {
    const file = lab.write(
      "anchorwatch.yaml",
      JSON.stringify({
        version: 1,
        truststores: { roots: { path: lab.pem("trust.pem", [corp.root]) } },
        clients: { shop: { profile: "openssl-3", trust: ["roots"] } },
        endpoints: { service: { url: `https://${HOST}`, connect: `127.0.0.1:${port}` } },
        thresholds: { warning, critical },
      }),
    );
    const words = ["--client", "shop", "--estate", file, "--format", "ndjson"];
    const { stdout, stderr } = await runCommand(["check", "service", ...words]);
    t.equal(stderr, "");
    return checkRecords(t, stdout)[0]?.findings.find(({ code }) => code === "leaf.expiring")
      ?.severity;
  };
  t.equal(await severity("15%", "5%"), undefined);
  t.equal(await severity("25%", "5%"), "warning");
  t.equal(await severity("33%", "21%"), "critical");
});
