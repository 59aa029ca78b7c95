import t from "tap";
import { run } from "../demo/run.ts";
import { requireTool } from "../tools.ts";
import { assessed, finding, report } from "./fixture.ts";

const target = assessed('svc "x"\n:443', {
  sent: ["leaf", "intA"],
  held: ["rootA"],
  clients: [
    { profile: "openjdk-17", findings: [finding({ code: "chain.superfluous", severity: "info" })] },
    { profile: "go", findings: [] },
  ],
  addresses: ["10.0.0.1", "10.0.0.2"],
});

t.test("check --format prometheus writes what promtool takes", async (t) => {
  const text = report("prometheus", [target, target]);
  const lines = text.split("\n").filter((line) => line.startsWith("anchorwatch_"));
  t.equal(
    new Set(lines.map((line) => line.replace(/ \S+$/, ""))).size,
    lines.length,
    "no series twice",
  );
  const link = (name: string, client: string): string | undefined =>
    lines.find((line) =>
      line.startsWith(`anchorwatch_${name}{client="${client}",endpoint="svc \\"x\\"\\n:443"`),
    );
  t.match(link("link_ok", "openjdk-17"), / 1$/);
  t.match(link("finding_info", "openjdk-17"), /code="chain.superfluous",severity="info"\} 1$/);
  t.equal(link("finding_info", "go"), undefined);
  t.match(link("link_breaks_timestamp_seconds", "go"), / \d{10}$/);
  t.equal(lines.filter((line) => line.startsWith("anchorwatch_endpoint_up{")).length, 2);
  const promtool = requireTool(t, "promtool");
  if (promtool === undefined) return;
  const { code, stderr } = await run(promtool, ["check", "metrics"], text);
  t.equal(code, 0, stderr);
  t.equal(stderr, "");
});

t.test("check --format prometheus has no sample where there is no value", async (t) => {
  const failed = assessed("svc:443", {
    sent: [],
    held: ["rootA"],
    clients: [{ profile: "go", findings: [finding({ code: "topology.unreachable" })] }],
    changes: {
      outcome: "failed",
      version: null,
      failure: { code: "connect-refused", message: "Connection refused" },
    },
  });
  const text = report("prometheus", [failed]);
  t.match(text, 'anchorwatch_link_ok{client="go",endpoint="svc:443"} 0\n');
  t.match(text, 'reason="connect-refused"} 1\n');
  for (const name of ["link_trusted", "link_breaks", "endpoint_tls_info", "certificate"])
    t.notMatch(text, `anchorwatch_${name}`);
});
