import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import t from "tap";
import { CAST } from "../demo/cast.ts";
import { openDemo } from "./demo-page.ts";
import { picture } from "./picture.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const violations = async (page: Page): Promise<readonly string[]> => {
  const found: readonly Violation[] = await page.evaluate(
    "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  return found.map(
    ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary ?? ""}`,
  );
};

/** Every view with what shows that it is there, and the first heading. */
const VIEWS = [
  ["map", "#/", ".map-group .edge", "11 of 18 links are broken"],
  ["wall", "#/?wall", ".map-group .edge", "11 of 18 links are broken"],
  ["links", "#/links", ".link", "11 of 18 links are broken"],
  ["link-broken", "#/links/pfs/bpm-east", ".path-box.missing", "pfs→ to bpm-east"],
  ["link-fine", "#/links/browser/bpm-east", ".path-box[data-used]", "browser→ to bpm-east"],
  ["link-plain", "#/links/sm-webtier/sm-server-plain", "#facts", "sm-webtier→ to sm-server-plain"],
  ["findings", "#/findings", ".cause", "Findings"],
  ["finding", "#/findings/chain.incomplete", ".prose", "chain.incomplete"],
  ["certificates", "#/certificates", ".certificate-row", "Certificates"],
  ["truststores", "#/truststores", ".entries", "Truststores"],
  ["truststore", "#/truststores/pfs-trust", ".entries", "pfs-trust"],
  ["alerts", "#/alerts", ".cause", "Alerts"],
  ["forecast", "#/forecast", ".chart canvas", "Forecast"],
  ["explain", "#/tools/explain", "#error-text", "Explain an error"],
  ["plan", "#/tools/plan", "#plan", "Try a change plan"],
  ["check", "#/tools/check", "#check-target", "Check now"],
  ["nowhere", "#/nothing/here", ".empty", "Nothing here"],
] as const;

/** The views of one certificate and of one alert, whose names the demo makes anew with each start. */
const detailViews = async (url: string) => {
  const first = async <T>(what: string): Promise<T> => {
    const answer = await (await fetch(`${url}api/v1/${what}?limit=1`)).json();
    return (answer as Readonly<Record<string, readonly T[]>>)[what]?.[0] as T;
  };
  const { sha256, subject } = await first<{ sha256: string; subject: string }>("certificates");
  const { id } = await first<{ id: string }>("alerts");
  const name = /CN=(?<name>[^,]+)/u.exec(subject)?.groups?.["name"] ?? subject;
  return [
    ["certificate", `#/certificates/${sha256}`, ".part[aria-label=Decoded]", name],
    ["alert", `#/alerts/${id}`, ".cause", "Alert"],
  ] as const;
};

t.test("live page shows every view of the demo, in both schemes, to everybody", async (t) => {
  t.setTimeout(0);
  // the audit is put into the page from outside, past its content policy
  const opened = await openDemo(t, { reducedMotion: "reduce", bypassCSP: true });
  if (opened === undefined) return;
  const { page, url, complaints, strangers } = opened;
  await page.addInitScript(axe);
  await page.goto(url);
  for (const [name, hash, sign, heading] of [...VIEWS, ...(await detailViews(url))]) {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(`${url}${hash}`);
    await page.locator(sign).first().waitFor();
    t.equal(await page.locator("h1").textContent(), heading, name);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      t.same(await violations(page), [], `${name}, ${colorScheme}`);
      await picture(page, `${name}-${colorScheme}`);
    }
  }
  t.same(complaints, []);
  t.same(strangers, [], "the page asks nobody but the daemon");
});

t.test("live page fits a telephone, a wall and paper with the demo", async (t) => {
  t.setTimeout(0);
  const opened = await openDemo(t, { reducedMotion: "reduce" });
  if (opened === undefined) return;
  const { page, url, complaints } = opened;
  for (const [width, height] of [
    [375, 812],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const [name, hash, sign] of VIEWS) {
      await page.goto(`${url}${hash}`);
      await page.locator(sign).first().waitFor();
      const overflow: number = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      t.ok(overflow <= 0, `${name}: nothing sticks out at ${width} px`);
      if (["map", "link-broken", "forecast", "wall"].includes(name))
        await picture(page, `${name}-${width}`);
    }
  }
  await page.setViewportSize({ width: 794, height: 1123 });
  await page.goto(`${url}#/links/pfs/bpm-east`);
  await page.locator(".path-box").first().waitFor();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  t.equal(await page.locator("nav:visible, .copy:visible, footer:visible").count(), 0);
  t.equal(
    await page.evaluate("getComputedStyle(document.body).backgroundColor"),
    "rgb(255, 255, 255)",
    "paper is white",
  );
  await picture(page, "link-print");
  t.same(complaints, []);
});

t.test("live page tells of every link of the demo what is expected of it", async (t) => {
  t.setTimeout(0);
  const opened = await openDemo(t, { permissions: ["clipboard-read", "clipboard-write"] });
  if (opened === undefined) return;
  const { page, url, complaints, strangers } = opened;
  await page.goto(url);

  await t.test("the map has a line for each, with colour, shape and words", async (t) => {
    await page.locator(".edge").first().waitFor();
    for (const { client, endpoint, ok, headline } of CAST) {
      const state = !ok ? "broken" : headline === null ? "ok" : "warning";
      const edge = page.locator(`.edge[data-client="${client}"][data-endpoint="${endpoint}"]`);
      t.equal(await edge.getAttribute("data-state"), state, `${client} -> ${endpoint}`);
      t.equal(await edge.locator("use").getAttribute("href"), `#icon-${state}`);
      t.match(await edge.getAttribute("aria-label"), `${client} to ${endpoint}: `);
    }
    t.equal(await page.locator(`.node[data-role="gateway"]`).textContent(), "api-gateway");
    await page.getByLabel("Only broken").check();
    await page.getByText("11 of 18 links shown").waitFor();
    t.equal(await page.locator(".edge").count(), 11);
    await page.getByLabel("Group by").selectOption("zone");
    t.ok((await page.locator(".map-group").count()) > 1);
    t.match(page.url(), /#\/\?broken&group=zone$/u);
    await page.getByLabel("Filter links").fill("pfs");
    await page.getByText("of 18 links shown").waitFor();
    const group = page.locator(`.map-group[data-group="edge"]`);
    await group.getByRole("button", { name: "edge" }).click();
    t.equal(await group.locator(".edge").count(), 0, "a group can be closed");
  });

  await t.test(
    "a link shows where its path breaks, and what others would make of it",
    async (t) => {
      await page.goto(`${url}#/links/edge-haproxy/bpm-west`);
      await page.locator(".path-box.missing").waitFor();
      t.match(
        await page.locator(".path-box.missing").textContent(),
        "missing: CN=BPM Cell Root CA",
      );
      t.match(await page.locator(`.path-box[data-place="both"]`).textContent(), "in edge-ca");
      const fine = page.locator(`.verdict-card[data-state="ok"]`);
      t.match(await fine.textContent(), "openjdk-17");
      t.equal(await page.locator(`.profiles [data-own]`).textContent(), "openssl-3 (this client)");
      t.match(await page.locator("#handshake tbody").textContent(), /127\.0\.0\.1.*TLSv1\.3/u);
      await page.locator("#time-line .piece").first().waitFor();
      await page.locator("#chain summary").first().click();
      await page.getByText("subjectAltName").first().waitFor();
      const [chain] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Chain as PEM" }).click(),
      ]);
      t.equal(chain.suggestedFilename(), "bpm-west-chain.pem");
      t.equal(
        readFileSync(await chain.path(), "utf8").match(/-----BEGIN CERTIFICATE-----/gu)?.length,
        2,
      );
      const [saved] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "Handshakes" }).click(),
      ]);
      t.match(JSON.parse(readFileSync(await saved.path(), "utf8").split("\n", 1)[0] ?? ""), {
        outcome: "complete",
      });
    },
  );

  await t.test("anchors tell which links need them, and which none does", async (t) => {
    await page.goto(`${url}#/truststores/pfs-trust`);
    const rows = page.locator(".entries tbody tr");
    await rows.first().waitFor();
    t.match(await rows.first().textContent(), "bpm-west");
    t.match(await rows.last().textContent(), "No trusted link needs it");
  });

  await t.test("a pasted error is explained", async () => {
    await page.goto(`${url}#/tools/explain`);
    await page
      .locator("#error-text")
      .fill("javax.net.ssl.SSLHandshakeException: No name matching smapp.example.com found");
    await page.getByRole("button", { name: "Explain" }).click();
    await page.getByText("name.mismatch").first().waitFor();
  });

  await t.test("a change plan shows on the map what it would break", async (t) => {
    await page.goto(`${url}#/tools/plan`);
    await page.locator("#plan").fill("changes: [");
    await page.getByRole("button", { name: "Try it" }).click();
    await page.locator(".notice").waitFor();
    await page
      .locator("#plan")
      .fill("changes:\n  - { truststore: pfs-trust, remove: [bpm-cell-root] }\n");
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("1 link would break").waitFor();
    t.match(await page.locator(`.fate[data-fate="breaks"]`).textContent(), "pfs → bpm-west");
    t.equal(
      await page
        .locator(`.edge[data-client="pfs"][data-endpoint="bpm-west"]`)
        .getAttribute("data-state"),
      "broken",
      "the map shows it as it would be",
    );
    await picture(page, "plan-tried");
  });

  await t.test(
    "a check is refused to somebody without the role, and the page says so",
    async () => {
      await page.goto(`${url}#/tools/check`);
      await page.locator("#check-target").fill("bpm-east");
      await page.getByRole("button", { name: "Check" }).click();
      await page.getByText("Nobody has the role operate").waitFor();
    },
  );

  // a check that is refused shows up as a failed request
  t.same(
    complaints.filter((each) => !/status of 4\d\d/u.test(each)),
    [],
  );
  t.same(strangers, []);
});
