import t from "tap";
import { assessed, finding, type Given, report } from "./fixture.ts";

const given = (code: "truststore.anchor-missing" | "chain.incomplete", about: string): Given => ({
  sent: ["leaf", "intA"],
  held: ["rootB"],
  clients: [
    {
      profile: "openjdk-17",
      findings: [
        finding({
          code,
          summary: `It is ${about}`,
          evidence: { certificates: [about], truststore: "trust", alias: null, time: null },
        }),
      ],
    },
  ],
});

t.test("check of many targets tells a cause that breaks forty of them once", async (t) => {
  const results = Array.from({ length: 42 }, (_, index) =>
    assessed(
      `host-${index}:443`,
      index === 7 || index === 9
        ? given("chain.incomplete", `leaf ${index}`)
        : given("truststore.anchor-missing", "root"),
    ),
  );
  const text = report("text", results);
  const lines = text.split("\n");
  t.ok(lines.slice(0, 42).every((line) => /^✗ host-\d+:443 +It is /.test(line)));
  t.equal(new Set(lines.slice(0, 42).map((line) => line.indexOf("It is"))).size, 1, "aligned");
  t.match(
    text,
    "3 causes, the worst and most frequent first\n\n  ✗ 40 targets  truststore.anchor-missing\n",
  );
  t.match(
    text.replaceAll(/\s+/g, " "),
    /at host-0:443, host-1:443, .{20,60} and 35 more, as openjdk-17/,
  );
  t.match(text, "42 results: 42 with a problem\n");
  const html = report("html", results);
  t.equal(html.split("<section>").length - 1, 42);
  t.match(html, ">40 targets</span>");
});

t.test("check of very many targets keeps what it says at the end bounded", async (t) => {
  const [bad] = [given("chain.incomplete", "x")];
  const target = assessed("host:443", bad ?? given("chain.incomplete", "x"));
  if (target.kind !== "assessed") return;
  const results = Array.from({ length: 3000 }, (_, index) => ({
    ...target,
    assessments: target.assessments.map((assessment) => ({
      ...assessment,
      findings: assessment.findings.map((each) => ({
        ...each,
        evidence: { ...each.evidence, certificates: [`leaf ${index}`] },
      })),
    })),
  }));
  const lines = report("text", results).split("\n");
  t.ok(lines.length < 3200, `${lines.length} lines`);
  t.ok(lines.some((line) => line.includes("2980 further targets have other causes")));
  t.ok(
    report("html", results.slice(0, 600)).includes("550 further targets are in the overview only"),
  );
  t.ok(
    report("markdown", results.slice(0, 600)).includes("500 further targets are in the table only"),
  );
});

t.test("check of one target that answers in two ways says which address does what", async (t) => {
  const one = assessed("svc:443", {
    ...given("chain.incomplete", "x"),
    addresses: ["10.0.0.1", "10.0.0.2"],
  });
  const two = assessed("svc:443", {
    sent: ["leaf", "intA"],
    held: ["rootA"],
    clients: [{ profile: "openjdk-17", findings: [] }],
    addresses: ["10.0.0.3"],
  });
  if (one.kind !== "assessed" || two.kind !== "assessed") return;
  const both = { ...one, assessments: [...one.assessments, ...two.assessments] };
  const text = report("text", [both]);
  t.match(text, "The 3 addresses of svc:443 do not answer alike: there are 2 different answers.");
  t.match(text, "✗ svc:443  at 2 addresses: 10.0.0.1, 10.0.0.2\n");
  t.match(text, "✓ svc:443  10.0.0.3\n");
});
