import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ensurePage } from "../../scripts/page.mjs";
import { TOKEN_LINES, TOKENS } from "../api/watched.ts";
import { smallPki, startDaemon, tlsServer } from "../daemon/fixture.ts";
import { watchPage } from "./browser.ts";

t.test(
  "live page behind tokens takes one as the password, follows, and checks with it",
  async (t) => {
    t.setTimeout(0);
    await ensurePage();
    const { root, leaf } = smallPki();
    const port = await tlsServer(t, leaf);
    const folder = t.testdir();
    writeFileSync(join(folder, "root.pem"), root.pem);
    const file = join(folder, "anchorwatch.yaml");
    writeFileSync(
      file,
      `version: 1
truststores: { roots: { path: root.pem } }
clients: { app: { profile: openjdk-17, trust: roots }, other: { profile: go, trust: roots } }
endpoints: { web: { url: "https://localhost:${port}", connect: 127.0.0.1, every: 1s } }
links: [{ from: app, to: web }, { from: other, to: web }]
http:${TOKEN_LINES}
`,
    );
    const { url } = await startDaemon(t, file);
    const opened = await watchPage(t, url, {
      httpCredentials: { username: "somebody", password: TOKENS.operate },
    });
    if (opened === undefined) return;
    const { page, strangers } = opened;
    await page.goto(`${url}#/links`);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("heading", { name: "All 2 links are fine" }).waitFor();

    await page.goto(`${url}#/tools/check`);
    await page.locator("#check-target").fill("web");
    await page.getByRole("button", { name: "Check" }).click();
    await page.locator("[data-checked-link]").nth(1).waitFor();
    t.match(await page.locator("[data-checked-link]").first().textContent(), "Fine");

    await page.locator("#check-target").fill("https://elsewhere.example.com");
    await page.locator("#check-client").selectOption("app");
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByText("neither an endpoint of the estate nor listed under http.allow").waitFor();
    t.same(strangers, []);
  },
);
