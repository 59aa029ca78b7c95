import t from "tap";
import { closeBrowser, openPage } from "./browser.ts";
import { picture } from "./picture.ts";
import { estate, link } from "./links.ts";

t.teardown(closeBrowser);

/** Contrast of two CSS colours after WCAG 2.2; both are opaque `rgb()` values. */
const contrast = (one: string, other: string): number => {
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/gu) ?? []).map((value) => {
      const share = Number(value) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};

/** Colour of every kind of text with what it stands on. */
const READ_COLOURS = `(() => {
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (!/^rgba\\(.*, 0\\)$/.test(backgroundColor)) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const kinds = ["h1", "h2", ".group-counts", ".state", ".who", ".profile", ".headline", ".outlook",
    ".connection", ".updated", ".severity", ".summary", ".code", ".remedy > li", ".command code",
    ".copy", ".certificate", ".facts dt", "thead th", "pre", "footer a", "nav a", ".node", ".link-headline",
    ".part h2", ".validity-words", ".crumbs", ".brand"];
  return kinds.flatMap((kind) => [...document.querySelectorAll(kind)].map((node) =>
    [kind, getComputedStyle(node).color, behind(node)]));
})()`;

for (const colorScheme of ["light", "dark"] as const)
  t.test(`live page is readable in the ${colorScheme} scheme`, async (t) => {
    const opened = await openPage(t, estate(), {
      colorScheme,
      reducedMotion: "reduce",
      viewport: { width: 1280, height: 900 },
    });
    if (opened === undefined) return;
    const { page } = opened;
    await picture(page, `${colorScheme}-closed`);
    const colours: (readonly [string, string, string])[] = await page.evaluate(READ_COLOURS);
    for (const hash of ["#/links/pfs/bpm-west", "#/links/pfs/bpm-archive", "#/"]) {
      await page.goto(`${page.url().replace(/#.*$/u, "")}${hash}`);
      await page.locator(".link-view, .map-group").first().waitFor();
      const more: readonly (readonly [string, string, string])[] =
        await page.evaluate(READ_COLOURS);
      colours.push(...more);
    }
    await picture(page, `${colorScheme}-map`);
    t.ok(colours.length > 40, "there is text to measure");
    const faint = colours.filter(([, text, behind]) => contrast(text, behind) < 4.5);
    t.same(faint, [], "every text has a contrast of at least 4.5");
    const [, , page_] = colours.find(([kind]) => kind === "h1") ?? ["", "", ""];
    t.equal(
      contrast(page_, "rgb(0, 0, 0)") > 10,
      colorScheme === "light",
      "the system's scheme is followed",
    );
  });

t.test("live page fits from a telephone to a wall screen", async (t) => {
  const long = link("a-client-with-a-very-long-name-that-somebody-generated", "x".repeat(120), {
    state: "broken",
    headline: "w".repeat(300),
    labels: { estate: "y".repeat(90) },
  });
  const opened = await openPage(t, [...estate(), long], { reducedMotion: "reduce" });
  if (opened === undefined) return;
  const { page } = opened;
  const base = page.url().replace(/#.*$/u, "");
  for (const [width, height] of [
    [320, 640],
    [375, 812],
    [768, 1024],
    [1280, 900],
    [2560, 1440],
    [3840, 2160],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const hash of ["#/links", "#/", `#/links/${long.client}/${long.endpoint}`]) {
      await page.goto(`${base}${hash}`);
      await page.locator(".link, .map-group, .link-view").first().waitFor();
      const overflow: number = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      t.ok(overflow <= 0, `nothing sticks out at ${width} px at ${hash.slice(0, 20)}`);
    }
    await picture(page, `width-${width}`);
  }
});
