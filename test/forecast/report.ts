import { SaxesParser } from "saxes";
import t from "tap";
import { forecast } from "../../src/links/forecast/forecast.ts";
import { documentHtml } from "../../src/report/document/document-html.ts";
import { documentMarkdown } from "../../src/report/document/document-markdown.ts";
import { documentText } from "../../src/report/document/document-text.ts";
import { forecastDocument } from "../../src/report/forecast/forecast-document.ts";
import { forecastJunit } from "../../src/report/forecast/forecast-junit.ts";
import { forecastNagios } from "../../src/report/forecast/forecast-nagios.ts";
import { plainPaint } from "../../src/report/paint.ts";
import { DAY, hostOf, issue, makeKeys, NOW, surroundingsOf } from "./world.ts";

const [rootKey, caKey, leafKey] = await makeKeys(3);
if (rootKey === undefined || caKey === undefined || leafKey === undefined)
  throw new Error("No keys");
const root = issue("Root", rootKey, 3000, { ca: true });
const ca = issue("Issuing | CA", caKey, 5, { ca: true, issuer: root });
const stranger = issue("Stranger", caKey, 900, { ca: true });
const leafOf = (endpoint: string, days: number) =>
  issue(endpoint, leafKey, days, { issuer: ca, san: [hostOf(endpoint)] });

const report = {
  result: forecast({
    ...surroundingsOf({
      clients: {
        one: { profile: "openjdk-17", anchors: [root] },
        lost: { profile: "go", anchors: [stranger] },
      },
      endpoints: {
        ...Object.fromEntries(
          Array.from({ length: 9 }, (_, index) => [`e${index}`, [[leafOf(`e${index}`, 300), ca]]]),
        ),
        soon: [[leafOf("soon", 2), ca]],
        silent: [],
      },
      links: [
        ...Array.from({ length: 9 }, (_, index) => ({ client: "one", endpoint: `e${index}` })),
        { client: "one", endpoint: "soon" },
        { client: "one", endpoint: "silent" },
        { client: "lost", endpoint: "soon" },
      ],
    }),
    at: NOW,
    until: NOW + 30 * DAY,
  }),
  file: "anchorwatch.yaml",
  source: "history",
  code: 2,
} as const;

t.test(
  "forecastDocument() tells the work first, then what is broken and what is not known",
  async (t) => {
    const text = documentText(forecastDocument(report), { paint: plainPaint, columns: 80 });
    t.match(
      text,
      "10 links of 12 break until 2026-12-21 unless 2 pieces of work are done. 1 link\nis broken now; of 1 link nothing is known.",
    );
    t.match(
      text,
      /\n {2}1 {2}2026-11-23 {2}2 days {2}1 link {3}Renew the certificate of soon: endpoint soon\n/,
    );
    t.match(text, /Saves 9\slinks: one to e0, one to e1, .* and 3\smore/s);
    t.match(
      text,
      /Needed as well by 1 link that breaks before for another cause: one to soon\s\(2026-11-23, see 1\)/,
    );
    t.match(text, /\nBroken now\n {2}client {2}endpoint {2}why\n {2}lost +soon +truststore\./);
    t.match(
      text,
      /\nNot known\n {2}client {2}endpoint {2}why\n {2}one +silent +What silent answers is not known\n/,
    );
    t.ok(text.indexOf("2026-11-23") < text.indexOf("Broken now"));
    const commands = text.split("\n").filter((line) => line.includes(" anchorwatch check "));
    t.ok(commands.length > 0);
    for (const command of commands)
      t.match(command, /^ {2}\d+\. anchorwatch check https:.* --client \w+$/);
  },
);

t.test("forecastDocument() is Markdown and HTML as well", async (t) => {
  const blocks = forecastDocument(report);
  const markdown = documentMarkdown(blocks);
  t.match(markdown, /^# Forecast for anchorwatch\.yaml\n\n\*\*10 links of 12 /);
  t.match(markdown, "Replace the CA Issuing \\| CA that the servers send");
  t.match(markdown, /\n\d+\. `anchorwatch check /);
  const html = documentHtml("Forecast", blocks);
  t.match(html, /<code>anchorwatch check /);
  t.match(html, "<h2>Broken now</h2>");
});

t.test("forecastJunit() has a case for each link, which fails when it breaks", async (t) => {
  const tags: string[] = [];
  const parser = new SaxesParser();
  parser.on("error", ({ message }) => t.fail(message));
  parser.on("opentag", ({ name }) => tags.push(name));
  const xml = forecastJunit(report);
  parser.write(xml).close();
  const count = (name: string): number => tags.filter((tag) => tag === name).length;
  t.strictSame([count("testcase"), count("failure"), count("error")], [12, 11, 1]);
  t.match(xml, 'tests="12" failures="11" errors="1"');
});

t.test("forecastNagios() has one status line and the work behind it", async (t) => {
  const [status = "", ...others] = forecastNagios(report).trimEnd().split("\n");
  t.equal(
    status,
    `FORECAST CRITICAL - 1 link broken now, 1 link not known, next: Renew the certificate of soon before 2026-11-23 12:00 UTC | links=12 ending=10 broken=1 unknown=1 breaks_in=${2 * 86_400}s`,
  );
  t.strictSame(others, [
    "2026-11-23 12:00 UTC: Renew the certificate of soon, saves 1 link; endpoint soon",
    "2026-11-26 12:00 UTC: Replace the CA Issuing / CA that the servers send, saves 9 links; endpoints e0, e1, e2, e3, e4, e5 and 4 more",
  ]);
});
