import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeFileSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import t from "tap";
import { requireTool } from "../tools.ts";
import { assessed, finding, report } from "./fixture.ts";

const HOSTILE = `<script>document.title="owned"</script>"'><img src=x onerror=alert(1)>\u202e`;

const said = finding({
  summary: HOSTILE,
  remedy: ["Compare it", `openssl x509 -in '${HOSTILE}'`],
  clientMessage: HOSTILE,
});

const broken = assessed(HOSTILE, {
  sent: ["leaf", "rootA", "intA", "intA", "intB"],
  held: ["rootA_newkey", "rootB"],
  store: HOSTILE,
  clients: [
    { profile: "openjdk-17", name: HOSTILE, findings: [said] },
    { profile: "go", findings: [said] },
  ],
  addresses: ["10.0.0.1", "10.0.0.2"],
});

const fine = assessed("svc.corp.example:443", {
  sent: ["leaf", "intA"],
  held: ["rootA"],
  clients: [{ profile: "openjdk-17", findings: [] }],
});

/** Texts and boxes of pictures that stand outside of their picture. */
const OUTSIDE = `[...document.querySelectorAll("svg")].flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text, rect")]
    .filter((each) => {
      const { left, right, top, bottom } = each.getBoundingClientRect();
      const isAside = left < frame.left - 1 || right > frame.right + 1;
      return isAside || top < frame.top - 1 || bottom > frame.bottom + 1;
    })
    .map((each) => each.textContent);
})`;

t.test("check --format html in a browser", async (t) => {
  const executablePath = requireTool(t, "chromium");
  if (executablePath === undefined) return;
  const directory = t.testdir();
  const browser: Browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  t.teardown(() => browser.close());

  for (const [name, results] of [
    ["one", [broken]],
    ["several", [broken, fine, { kind: "invalid", target: HOSTILE, message: HOSTILE }]],
  ] as const)
    for (const colorScheme of ["light", "dark"] as const)
      await t.test(
        `check --format html of ${name} in ${colorScheme} needs nothing and runs nothing`,
        async (t) => {
          const file = join(directory, `${name}.html`);
          writeFileSync(file, report("html", results));
          const context = await browser.newContext({
            colorScheme,
            viewport: { width: 390, height: 800 },
          });
          const page = await context.newPage();
          const complaints: string[] = [];
          const requests: string[] = [];
          page.on("console", (message) => complaints.push(message.text()));
          page.on("pageerror", (error) => complaints.push(error.message));
          page.on("dialog", (dialog) => complaints.push(dialog.message()));
          page.on("request", (request) => requests.push(request.url()));
          await page.goto(pathToFileURL(file).href);
          t.same(complaints, []);
          t.same(requests, [pathToFileURL(file).href], "nothing else is asked for");
          const strangers = "script, img, iframe, object, a, link, base, form, [onerror], [style]";
          t.equal(await page.locator(strangers).count(), 0);
          const shown = await page.locator("body").innerText();
          t.match(
            shown,
            `<script>document.title="owned"</script>"'><img src=x onerror=alert(1)>\ufffd`,
          );
          t.match(
            await page.title(),
            name === "one" ? "TLS check of <script>" : "TLS check as of ",
          );
          const colours = await page.evaluate("getComputedStyle(document.body).backgroundColor");
          t.equal(
            colours,
            colorScheme === "dark" ? "rgb(20, 23, 26)" : "rgb(255, 255, 255)",
            "the style applies",
          );
          const width = await page.evaluate("document.documentElement.scrollWidth");
          t.equal(width, 390, "a telephone needs no scrolling sideways");
          t.equal(await page.locator('svg[aria-label^="Path graph"]').count(), 1);
          t.equal(await page.locator('svg[aria-label^="Timeline"]').count(), 1);
          await page.locator("details summary").first().click();
          t.match(await page.locator("details").first().innerText(), "BEGIN CERTIFICATE");
          await context.close();
        },
      );

  await t.test("check --format html draws every text within its picture", async (t) => {
    const file = join(directory, "drawing.html");
    writeFileSync(file, report("html", [broken]));
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    await page.goto(pathToFileURL(file).href);
    const outside = await page.evaluate(OUTSIDE);
    t.same(outside, []);
    t.ok((await page.pdf()).length > 10_000, "it can be printed");
    await page.close();
  });
});
