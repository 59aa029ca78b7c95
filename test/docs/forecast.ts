import t from "tap";
import { FORECAST_LINE_SCHEMA } from "../../src/report/forecast/forecast-schema.ts";
import { readPage } from "./markdown.ts";

t.test("docs/commands-estate.md shows a line of forecast as the schema wants it", async (t) => {
  const { fences } = readPage("docs/commands-estate.md");
  const lines = fences.filter(
    ({ language, text }) => language === "json" && text.includes("causes"),
  );
  t.ok(lines.length > 0);
  for (const { text } of lines)
    t.same(FORECAST_LINE_SCHEMA.safeParse(JSON.parse(text)).error?.issues ?? [], []);
});
