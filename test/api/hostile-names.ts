import { spawnSync } from "node:child_process";
import { once } from "node:events";
import t from "tap";
import { WebSocket } from "ws";
import type { IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import { bodyOf, titleOf } from "../../src/daemon/notify/words.ts";
import { presentCertificate } from "../daemon/fixture.ts";
import { alert, notification } from "../daemon/notify/samples.ts";
import { keptLog } from "../daemon/samples.ts";
import { requireTool } from "../tools.ts";
import { startWatched } from "./watched.ts";

/** Everything that breaks out of quotes, lines, markup, header fields and the direction of reading. */
const NAME =
  'a"b\\c\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script>\u202egnp.exe\u2066\u0000\u001b[31m{}=,;';

/** Controls, and what turns the direction of reading; a line break is looked at elsewhere. */
const HARMFUL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

const expired = (root: IssuedCertificate): IssuedCertificate =>
  presentCertificate({ name: NAME, issuer: root, san: ["localhost"], days: -1 });

t.test("A hostile subject is harmless in metrics, API, feed, log and messages", async (t) => {
  const { log, lines } = keptLog();
  const { daemon, ports } = await startWatched(t, { log, leaf: expired });
  const get = async (path: string): Promise<string> => (await fetch(daemon.url + path)).text();

  await t.test("/metrics and /probe stay readable", async (t) => {
    const metrics = await get("metrics");
    t.match(metrics, /anchorwatch_endpoint_certificate_info\{endpoint="bpm-east".*<script>/);
    t.notMatch(metrics.replaceAll("\n", ""), HARMFUL);
    const line = /^(#.*|[a-z_]+(\{([a-z0-9_]+="([^"\\\n]|\\[\\"n])*",?)*\})? \S+)$/;
    t.same(
      metrics
        .trimEnd()
        .split("\n")
        .filter((each) => !line.test(each)),
      [],
    );
    const probe = `probe?module=pfs&target=localhost:${ports[0]}`;
    const promtool = requireTool(t, "promtool");
    if (promtool === undefined) return;
    for (const input of [metrics, await get(probe)]) {
      const checked = spawnSync(promtool, ["check", "metrics"], { input, encoding: "utf8" });
      t.notMatch(checked.stderr, /error while linting|parse/i);
    }
  });

  await t.test("the log of a probe holds what it says", async (t) => {
    const answer = await fetch(
      `${daemon.url}probe?debug=true&module=pfs&target=localhost:${ports[0]}`,
    );
    t.match(answer.headers.get("content-type"), /^text\/plain/);
    const [told = ""] = (await answer.text()).split("Metrics that");
    t.match(told, /leaf\.expired/);
    for (const line of told.split("\n")) t.notMatch(line, HARMFUL);
  });

  await t.test("JSON stays JSON, which no browser takes for a page", async (t) => {
    for (const path of ["links", "endpoints", "findings", "certificates", "alerts"]) {
      const answer = await fetch(`${daemon.url}api/v1/${path}`);
      t.match(answer.headers.get("content-type"), /^application\/json/);
      t.equal(answer.headers.get("x-content-type-options"), "nosniff");
      const body = await answer.text();
      t.doesNotThrow(() => JSON.parse(body), path);
      t.notMatch(body, /[\0-\x1f]/, "controls are escaped");
    }
    const feed = new WebSocket(`${daemon.url.replace("http", "ws")}api/v1/events`);
    t.teardown(() => feed.terminate());
    const [message] = (await once(feed, "message")) as [Buffer];
    t.match(JSON.parse(message.toString()), { type: "snapshot", links: [{ client: "pfs" }] });
  });

  await t.test("the log has one line for each event", async (t) => {
    t.ok(lines.some((line) => line.includes("bpm-east")));
    for (const line of lines) {
      t.equal(line.indexOf("\n"), line.length - 1);
      t.notMatch(line.trimEnd(), HARMFUL);
      t.doesNotThrow(() => JSON.parse(line));
    }
  });

  await t.test("messages to people have no header and no direction of its making", async (t) => {
    const { findings } = JSON.parse(await get("api/v1/findings")) as {
      readonly findings: readonly {
        readonly summary: string;
        readonly remedy: readonly string[];
      }[];
    };
    t.ok(findings.length > 0);
    for (const { summary, remedy } of findings) {
      for (const words of [summary, ...remedy]) t.notMatch(words, HARMFUL, "as it is shown");
      const told = notification({ alert: alert({ summary, remedy }) });
      t.notMatch(titleOf(told), HARMFUL);
      const body = bodyOf(told, "https://watch.example.com/");
      for (const line of body.split("\n")) {
        t.notMatch(line, HARMFUL);
        t.notMatch(line, /^Bcc:/);
      }
    }
  });
});
