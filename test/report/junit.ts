import { SaxesParser } from "saxes";
import t from "tap";
import { assessed, finding, report } from "./fixture.ts";
import { SITUATIONS, TARGET } from "./situations.ts";

/** What the schema of Jenkins' xUnit plug-in (jenkins-junit.xsd) allows of what is written here. */
const ALLOWED: Readonly<
  Record<string, { readonly in: string; readonly attributes: readonly string[] }>
> = {
  testsuites: { in: "", attributes: ["name", "time", "tests", "failures", "disabled", "errors"] },
  testsuite: {
    in: "testsuites",
    attributes: [
      "name",
      "tests",
      "failures",
      "errors",
      "time",
      "disabled",
      "skipped",
      "timestamp",
      "hostname",
      "id",
      "package",
    ],
  },
  testcase: { in: "testsuite", attributes: ["name", "assertions", "time", "classname", "status"] },
  failure: { in: "testcase", attributes: ["type", "message"] },
  error: { in: "testcase", attributes: ["type", "message"] },
  "system-out": { in: "testcase", attributes: [] },
};

/** What Jenkins would not take; empty where it takes all. */
function mistakes(xml: string): readonly string[] {
  const found: string[] = [];
  const open: string[] = [];
  const parser = new SaxesParser();
  parser.on("error", ({ message }) => found.push(message));
  parser.on("opentag", ({ name, attributes }) => {
    const rule = ALLOWED[name];
    if (rule === undefined || rule.in !== (open.at(-1) ?? "")) found.push(`<${name}>`);
    for (const attribute of Object.keys(attributes))
      if (rule?.attributes.includes(attribute) !== true) found.push(`${name} ${attribute}`);
    open.push(name);
  });
  parser.on("closetag", () => open.pop());
  parser.write(xml).close();
  return found;
}

t.test("check --format junit writes what the schema of Jenkins allows", async (t) => {
  const results = Object.values(SITUATIONS).map((given) => assessed(TARGET, given));
  const invalid = { kind: "invalid", target: "a b", message: "No target" } as const;
  const xml = report("junit", [...results, invalid]);
  t.same(mistakes(xml), []);
  for (const element of ["failure", "error", "system-out"]) t.match(xml, `<${element}`);
});

t.test(
  "check --format junit has a case for each target and client, the worst address decides",
  async (t) => {
    const good = assessed("svc:443", {
      sent: ["leaf", "intA"],
      held: ["rootA"],
      clients: [
        { profile: "go", findings: [] },
        { profile: "openjdk-17", findings: [] },
      ],
    });
    const bad = assessed("svc:443", {
      sent: ["leaf"],
      held: ["rootA"],
      clients: [
        {
          profile: "go",
          findings: [finding({ code: "chain.incomplete", summary: "It lacks Int A" })],
        },
      ],
      addresses: ["10.0.0.9"],
    });
    if (good.kind !== "assessed" || bad.kind !== "assessed") return;
    const xml = report("junit", [
      { ...good, assessments: [...good.assessments, ...bad.assessments] },
    ]);
    t.match(xml, '<testsuites tests="2" failures="1" errors="0"');
    t.match(
      xml,
      /name="as go" time="[\d.]+">\n {6}<failure type="chain.incomplete" message="It lacks Int A">/,
    );
    t.match(
      xml,
      "at 10.1.2.3:\nnothing found\n\nat 10.0.0.9:\ncritical: It lacks Int A (chain.incomplete)",
    );
    t.match(xml, /name="as openjdk-17" time="[\d.]+"\/>/);
  },
);
