import t from "tap";
import { openPage } from "./browser.ts";
import { brokenLink, estate, link } from "./links.ts";

t.test(
  "live page shows every link with verdict, headline and outlook, the broken first",
  async (t) => {
    const opened = await openPage(t, estate());
    if (opened === undefined) return;
    const { page, complaints, strangers } = opened;
    t.equal(await page.locator("h1").textContent(), "2 of 7 links are broken");
    t.equal(await page.title(), "2 broken · Anchorwatch");
    t.same(await page.locator("main h2").allTextContents(), [
      "Identity",
      "Process Federation",
      "Service Manager",
    ]);
    const rows = page.locator(".link");
    t.same(
      await rows.evaluateAll((all) =>
        all.map((row) =>
          [row.dataset["client"], row.dataset["endpoint"], row.dataset["state"]].join(" "),
        ),
      ),
      [
        "connector-xpress im-connector broken",
        "api-gateway im-connector ok",
        "pfs bpm-west broken",
        "pfs bpm-archive warning",
        "pfs bpm-east ok",
        "windows-client sm-server pending",
        "web-tier sm-server ok",
      ],
    );
    const broken = page.locator(`.link[data-client="pfs"][data-endpoint="bpm-west"]`);
    t.match(
      await broken.locator(".headline").textContent(),
      "pfs-trust has no anchor for Corporate Root G1",
    );
    t.equal(
      await broken.locator(".state").textContent(),
      "Broken",
      "a word stands beside colour and shape",
    );
    t.equal(await broken.locator(".profile").textContent(), " judged as openjdk-17");
    t.equal(await broken.locator(".outlook").textContent(), "First seen 3 days ago");
    t.equal(
      await page.locator(`.link[data-endpoint="bpm-archive"] .outlook`).textContent(),
      "Breaks in 12 days",
    );
    t.equal(await page.locator("#connection-words").textContent(), "Live");
    t.match(await page.locator("#updated").textContent(), /^Last check at \d\d:\d\d:\d\d$/u);
    t.same(complaints, []);
    t.same(strangers, [], "the page asks nobody but the daemon");
  },
);

t.test(
  "live page opens a link to its findings, remedy, message, chain and addresses",
  async (t) => {
    const opened = await openPage(t, [brokenLink("pfs", "bpm-west")], {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    if (opened === undefined) return;
    const { page } = opened;
    await page.locator(".link a").click();
    await page.getByRole("region", { name: "What to do" }).waitFor();
    t.match(page.url(), /#\/links\/pfs\/bpm-west$/u);
    t.equal(await page.locator("h1").textContent(), "pfs→ to bpm-west");
    t.same(
      await page.locator(".finding").evaluateAll((all) => all.map((one) => one.dataset["code"])),
      ["chain.superfluous"],
      "what else was found",
    );
    t.equal(await page.locator(".link-lead .code").textContent(), "truststore.anchor-missing");
    t.equal(await page.locator("#remedy .remedy > li").count(), 4);
    t.match(await page.locator("#message pre").textContent(), "PKIX path building failed");
    t.same(await page.locator(".certificate .subject").allTextContents(), [
      "CN=bpm-west.example.com",
      "CN=Corporate Issuing CA 2, O=Example",
    ]);
    t.match(await page.locator("tbody tr").textContent(), /192\.0\.2\.17.*TLSv1\.3/u);

    const step = page.locator(".command").first();
    await step.getByRole("button", { name: "Copy step 2" }).click();
    await step.getByRole("button", { name: "Copied" }).waitFor();
    t.match(
      await page.evaluate("navigator.clipboard.readText()"),
      /^keytool -importcert -trustcacerts/u,
    );
  },
);

t.test("live page shows a chain in which a certificate cannot be read", async (t) => {
  const unreadable = {
    sha256: "00ff",
    subject: null,
    issuer: null,
    notBefore: null,
    notAfter: null,
  };
  const opened = await openPage(t, [link("pfs", "bpm-east", { chain: [unreadable] })]);
  if (opened === undefined) return;
  const { page, complaints } = opened;
  await page.locator(".link a").click();
  await page.locator(".certificate").waitFor();
  t.equal(
    await page.locator(".certificate .subject").textContent(),
    "Not readable as a certificate",
  );
  t.equal(await page.locator(".certificate .validity").count(), 0);
  t.same(complaints, []);
});

t.test("live page shows hostile text as text", async (t) => {
  const text = `<img src=x onerror="document.title='owned'"><script>document.title="owned"</script>`;
  const opened = await openPage(t, [
    link(text, text, {
      state: "broken",
      headline: text,
      url: `javascript:document.title="owned"`,
      profile: text,
      clientMessage: text,
      labels: { estate: text, [text]: text },
      findings: [
        {
          code: text,
          severity: text,
          summary: text,
          remedy: [text, `a ${text}`],
          clientMessage: text,
        },
      ],
      addresses: [{ address: text, outcome: text, version: text, failure: text }],
      chain: [{ sha256: text, subject: text, issuer: text, notBefore: text, notAfter: text }],
      breaksAt: text,
      checkedAt: text,
      since: text,
    }),
    link("__proto__", "constructor", { state: "toString", labels: { estate: "__proto__" } }),
  ]);
  if (opened === undefined) return;
  const { page, complaints } = opened;
  const row = page.locator(".link").first();
  t.equal(await row.locator(".headline").textContent(), text);
  t.equal(await row.locator(".client").textContent(), text);
  t.equal(
    await page.locator(`.link[data-client="__proto__"]`).getAttribute("data-state"),
    "pending",
  );
  const markup = `main :is(img, script, [onerror], a:not([href^="#/"], [href^="api/"]))`;
  t.equal(await page.locator(markup).count(), 0, "nothing of it became markup in the list");
  await row.locator("a").click();
  await page.locator(".certificate").waitFor();
  t.equal(await page.locator(".certificate .subject").textContent(), text);
  t.equal(await page.locator("h1 .client").textContent(), text);
  t.equal(await page.locator(markup).count(), 0, "nor in the view of the link");
  await page.goto(`${page.url().replace(/#.*$/su, "")}#/`);
  await page.locator(".map-group").first().waitFor();
  t.equal(await page.locator(markup).count(), 0, "nor in the map");
  t.equal(await page.title(), "1 broken · Anchorwatch");
  t.same(complaints, []);
});

t.test(
  "live page filters by words and by state, and keeps the filter in its address",
  async (t) => {
    const opened = await openPage(t, estate());
    if (opened === undefined) return;
    const { page } = opened;
    await page.keyboard.press("/");
    await page.keyboard.type("issuing pfs");
    await page.getByText("3 of 7 links shown").waitFor();
    t.equal(await page.locator(".link:visible").count(), 3);
    await page.getByLabel("Only broken").check();
    await page.getByText("1 of 7 links shown").waitFor();
    t.match(page.url(), /#\/links\?filter=issuing%20pfs&broken$/u);
    await page.reload();
    await page.getByText("1 of 7 links shown").waitFor();
    t.equal(await page.getByLabel("Filter links").inputValue(), "issuing pfs");
    t.equal(
      await page.locator("h1").textContent(),
      "2 of 7 links are broken",
      "the summary counts all",
    );
    await page.getByLabel("Filter links").fill("no such thing");
    await page.getByText("No link matches the filter").waitFor();
  },
);

t.test("live page can be used from the keyboard alone", async (t) => {
  const opened = await openPage(t, [brokenLink("pfs", "bpm-west"), link("pfs", "bpm-east")]);
  if (opened === undefined) return;
  const { page } = opened;
  const focused = async (): Promise<string> =>
    page.evaluate(`(() => {
      const { id, className, tagName } = document.activeElement;
      return id || (typeof className === "string" && className) || tagName;
    })()`);
  await page.keyboard.press("Tab");
  t.equal(await focused(), "skip");
  await page.keyboard.press("Enter");
  t.equal(await focused(), "MAIN", "the navigation can be skipped");
  const order: string[] = [];
  for (let presses = 0; presses < 5; presses++) {
    await page.keyboard.press("Tab");
    order.push(await focused());
  }
  t.same(order, ["filter", "only-broken", "group", "row", "row"]);
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await page.locator(".facts").waitFor();
  t.equal(await page.locator("h1 .endpoint").textContent(), "bpm-west");
  t.equal(await focused(), "MAIN", "the focus goes along");
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await page.locator(".map-group").waitFor();
  await page.keyboard.press("j");
  t.match(
    await page.evaluate("document.activeElement.getAttribute('aria-label')"),
    /^pfs to bpm-/u,
    "a line of the map",
  );
  await page.keyboard.press("b");
  await page.getByText("1 of 2 links shown").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  await page.keyboard.press("Escape");
  t.equal(await page.getByRole("dialog").count(), 0);
  await page.keyboard.press("t");
  t.equal(
    await page.evaluate("getComputedStyle(document.documentElement).colorScheme"),
    "light",
    "the scheme can be chosen",
  );
});

t.test("live page is built of headings, lists and named regions", async (t) => {
  const opened = await openPage(t, estate());
  if (opened === undefined) return;
  const { page } = opened;
  t.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
  t.equal(await page.getByRole("heading", { level: 2 }).count(), 3);
  t.equal(await page.getByRole("heading", { level: 3, name: "pfs to bpm-west" }).count(), 1);
  t.equal(await page.getByRole("region", { name: "Identity" }).getByRole("listitem").count(), 2);
  t.equal(
    await page.locator("[aria-live=polite]").textContent(),
    "2 of 7 links are broken. 1 warning, 3 fine.",
  );
});
