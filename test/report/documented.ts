import t from "tap";
import { readPage } from "../docs/markdown.ts";
import { CHECK_FORMATS } from "../../src/cli/common-options.ts";
import { assessed, report } from "./fixture.ts";
import { SITUATIONS, TARGET } from "./situations.ts";

const page = readPage("docs/reports.md");

const example = (having: string): string =>
  page.fences.find(({ language, text }) => language === "text" && text.includes(having))?.text ??
  "";

t.test("docs/reports.md names every format of check", async (t) => {
  const [table = ""] = page.prose.split("## ");
  for (const format of CHECK_FORMATS) t.ok(table.includes(`\`${format}\``), format);
});

t.test("docs/reports.md shows what check writes", async (t) => {
  const shared = [assessed(TARGET, SITUATIONS["shared-cause"])];
  t.equal(`${example("not the problem")}\n`, report("text", shared));
  const expiring = [assessed(TARGET, SITUATIONS["expiring"])];
  t.equal(example("TLS WARNING"), report("nagios", expiring).split("\n")[0]);
  const metrics = report("prometheus", expiring).split("\n");
  const shown = example("anchorwatch_link_ok").split("\n");
  t.same(
    shown.filter((line) => !metrics.includes(line)),
    [],
  );
});
