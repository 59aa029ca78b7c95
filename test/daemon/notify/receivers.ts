import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import type { Notification } from "../../../src/daemon/alerts/alert.ts";
import { alertmanagerNotifier } from "../../../src/daemon/notify/alertmanager.ts";
import { emailNotifier } from "../../../src/daemon/notify/email.ts";
import type { Notifier } from "../../../src/daemon/notify/notifier.ts";
import { pagerdutyNotifier } from "../../../src/daemon/notify/pagerduty.ts";
import { Poster } from "../../../src/daemon/notify/post.ts";
import { slackNotifier } from "../../../src/daemon/notify/slack.ts";
import { webhookNotifier } from "../../../src/daemon/notify/webhook.ts";
import { freePort, startProcess } from "../../lab/process.ts";
import { startScriptedServer } from "../../lab/tcp.ts";
import { requireTool } from "../../tools.ts";
import { NOW } from "../fake-clock.ts";
import { alert, notification } from "./samples.ts";

const SECRET = "0123456789abcdef-not-to-be-seen";
const page = "https://watch.example.com/";
const common = { name: "n", resolved: true, page, now: () => NOW };

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver on loopback that keeps what it gets. */
async function startReceiver(
  t: Test,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      received.push({ path: request.url ?? "", headers: request.headers, body });
      response.writeHead(status, headers).end("the\nanswer\u001b[31m");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

async function tell(t: Test, notifier: Notifier, message: Notification = notification()) {
  t.teardown(() => notifier.close());
  return notifier.send(message, AbortSignal.timeout(20_000));
}

/** Everything that a hostile certificate may have put into words. */
const hostile = alert({
  summary: 'CN="<script>alert(1)</script>\r\nBcc: evil@example.com & \u202e<!channel>',
  links: [{ client: "a\u0000b", endpoint: "<http://evil|x>" }],
  remedy: ["keytool -alias '\u001b[2J'"],
});

t.test("webhookNotifier() signs what it sends and repeats its id", async (t) => {
  const { url, received } = await startReceiver(t);
  const notifier = webhookNotifier(
    { ...common, url: `${url}/hook?x=1`, secret: SECRET },
    new Poster(null),
  );
  t.same(await tell(t, notifier), { ok: true, value: null });
  const [first] = received;
  t.equal(first?.path, "/hook?x=1");
  const [, seconds = "", code] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(first?.headers["x-anchorwatch-signature"])) ?? [];
  t.equal(Number(seconds), NOW / 1000);
  t.equal(createHmac("sha256", SECRET).update(`${seconds}.${first?.body}`).digest("hex"), code);
  t.equal(first?.headers["idempotency-key"], "b".repeat(32));
  t.match(JSON.parse(first?.body ?? ""), {
    version: 1,
    event: "firing",
    page: `${page}#/alerts/${"a".repeat(32)}`,
    alert: { rule: "link-broken", linkCount: 2, links: [{ client: "pfs", endpoint: "bpm-east" }] },
  });
  t.notMatch(first?.body, SECRET);
});

t.test("webhookNotifier() tells whether it is worth trying again", async (t) => {
  for (const [status, retry] of [
    [500, true],
    [503, true],
    [429, true],
    [408, true],
    [400, false],
    [404, false],
    [302, false],
  ] as const) {
    const { url, received } = await startReceiver(t, status, {
      "retry-after": "7",
      location: "http://127.0.0.1:1/elsewhere",
    });
    const sent = await tell(t, webhookNotifier({ ...common, url, secret: null }, new Poster(null)));
    t.match(sent, { ok: false, error: { retry, retryAfter: 7000 } }, `${status}`);
    t.equal(
      sent.ok ? "" : sent.error.message,
      `The receiver answered with status ${status}: the answer [31m`,
    );
    t.equal(received.length, 1, "redirects are not followed");
  }
});

t.test("webhookNotifier() tells no address of a receiver that cannot be reached", async (t) => {
  const url = `http://127.0.0.1:${await freePort()}/services/${SECRET}`;
  const sent = await tell(t, slackNotifier({ ...common, url }, new Poster(null)));
  t.match(sent, {
    ok: false,
    error: { retry: true, message: /cannot be reached \(ECONNREFUSED\)/ },
  });
  t.notMatch(JSON.stringify(sent), SECRET);
  const silent = await startScriptedServer(() => {});
  t.teardown(() => silent.close());
  const notifier = slackNotifier(
    { ...common, url: `http://127.0.0.1:${silent.port}` },
    new Poster(null),
  );
  const late = await notifier.send(notification(), AbortSignal.timeout(200));
  t.match(late, { ok: false, error: { retry: true, message: /did not answer in time/ } });
  await notifier.close();
});

/** Controls other than line breaks, and what turns the direction of reading. */
const HARMFUL = /[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** Every text in a message, one after the other. */
const wordsOf = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? Object.values(value).map(wordsOf).join("\n")
    : String(value);

t.test("slackNotifier() shows hostile text as text", async (t) => {
  const { url, received } = await startReceiver(t);
  await tell(
    t,
    slackNotifier({ ...common, url }, new Poster(null)),
    notification({ alert: hostile }),
  );
  const message = JSON.parse(received[0]?.body ?? "") as {
    readonly text: string;
    readonly attachments: readonly { readonly blocks: readonly { readonly text?: object }[] }[];
  };
  t.notMatch(message.text, /[<>\r\n\u202e]/);
  t.match(message.text, /&lt;!channel&gt;/);
  t.match(message.attachments[0]?.blocks[0]?.text, { type: "plain_text" });
  t.notMatch(wordsOf(message), HARMFUL);
});

t.test("alertmanagerNotifier() passes on no control and no direction of reading", async (t) => {
  const { url, received } = await startReceiver(t);
  const notifier = alertmanagerNotifier({ ...common, url, token: null }, new Poster(null));
  await tell(t, notifier, notification({ alert: hostile }));
  const [told] = JSON.parse(received[0]?.body ?? "") as readonly {
    readonly annotations: Readonly<Record<string, string>>;
  }[];
  t.match(told?.annotations, { summary: /<!channel>$/, description: /^a.b -> <http/ });
  t.notMatch(wordsOf(told), HARMFUL);
});

t.test("pagerdutyNotifier() joins the beginning and the end of an alert", async (t) => {
  const { url, received } = await startReceiver(t, 202);
  const notifier = pagerdutyNotifier({ ...common, url, routingKey: "key" }, new Poster(null));
  await tell(t, notifier);
  await tell(
    t,
    notifier,
    notification({ event: "resolved", alert: alert({ status: "resolved", resolvedAt: NOW }) }),
  );
  const events = received.map(({ body }) => JSON.parse(body) as Readonly<Record<string, unknown>>);
  t.match(events, [
    {
      routing_key: "key",
      event_action: "trigger",
      dedup_key: "a".repeat(32),
      payload: { severity: "critical", source: "bpm-east", class: "chain.intermediate-expired" },
    },
    { event_action: "resolve", dedup_key: "a".repeat(32) },
  ]);
});

t.test(
  "alertmanagerNotifier() keeps labels and moves the end ahead while an alert fires",
  async (t) => {
    const { url, received } = await startReceiver(t);
    const settings = { ...common, url: `${url}/am`, token: "bearer" };
    const notifier = alertmanagerNotifier(settings, new Poster(null));
    await tell(t, notifier);
    await tell(
      t,
      notifier,
      notification({ event: "resolved", alert: alert({ resolvedAt: NOW + 5 }) }),
    );
    t.match(received, [
      { path: "/am/api/v2/alerts", headers: { authorization: "Bearer bearer" } },
      { path: "/am/api/v2/alerts" },
    ]);
    const [[firing], [over]] = received.map(({ body }) => JSON.parse(body)) as [
      [{ readonly labels: object; readonly endsAt: string; readonly startsAt: string }],
      [{ readonly labels: object; readonly endsAt: string; readonly startsAt: string }],
    ];
    t.same(firing.labels, over.labels);
    t.match(firing.labels, { alertname: "link-broken", severity: "critical", team: "pki" });
    t.equal(firing.startsAt, new Date(NOW + 60_000).toISOString());
    t.equal(firing.endsAt, new Date(NOW + 240_000).toISOString());
    t.equal(over.endsAt, new Date(NOW + 5).toISOString());
    await notifier.reminder?.send(
      Array.from({ length: 130 }, () => alert()),
      AbortSignal.timeout(9000),
    );
    t.same(
      received.slice(2).map(({ body }) => (JSON.parse(body) as readonly unknown[]).length),
      [64, 64, 2],
    );
  },
);

t.test("emailNotifier() sends plain mail that smtp-sink takes, as one thread", async (t) => {
  const sink = requireTool(t, "smtpSink");
  if (sink === undefined) return;
  const port = await freePort();
  const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const server = startProcess(sink, ["-v", ...user, `127.0.0.1:${port}`, "10"]);
  t.teardown(() => server.stop());
  const settings = {
    ...common,
    host: "127.0.0.1",
    port,
    credentials: null,
    anchors: null,
    from: "watch@example.com",
    to: ["a@example.com", "b@example.com"],
  };
  const plain = emailNotifier({ ...settings, security: "none" });
  let sent = await tell(t, plain, notification({ alert: hostile }));
  for (let attempt = 0; attempt < 100 && !sent.ok; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    sent = await tell(t, plain, notification({ alert: hostile }));
  }
  t.same(sent, { ok: true, value: null });
  t.match(server.output(), /MAIL FROM:<watch@example.com>/);
  t.match(server.output(), /RCPT TO:<b@example.com>/);
  const strict = await tell(t, emailNotifier({ ...settings, security: "starttls" }));
  t.match(strict, { ok: false, error: { retry: true } }, "a server without TLS gets no mail");
});

t.test("emailNotifier() hands no header of a certificate's making over", async (t) => {
  const mails: string[] = [];
  const server = await startScriptedServer((socket) => {
    let isData = false;
    let mail = "";
    socket.write("220 sink ESMTP\r\n");
    socket.setEncoding("utf8").on("data", (chunk: unknown) => {
      for (const line of String(chunk).split(/(?<=\r\n)/)) {
        if (isData) {
          mail += line;
          if (line !== ".\r\n") continue;
          isData = false;
          mails.push(mail);
          mail = "";
          socket.write("250 taken\r\n");
        } else if (line.startsWith("DATA")) {
          isData = true;
          socket.write("354 go on\r\n");
        } else if (line.startsWith("QUIT")) socket.end("221 bye\r\n");
        else socket.write("250 fine\r\n");
      }
    });
  });
  t.teardown(() => server.close());
  const notifier = emailNotifier({
    ...common,
    host: "127.0.0.1",
    port: server.port,
    security: "none",
    credentials: null,
    anchors: null,
    from: "watch@example.com",
    to: ["a@example.com"],
  });
  t.same(await tell(t, notifier, notification({ alert: hostile })), { ok: true, value: null });
  await tell(t, notifier, notification({ event: "resolved", id: "c".repeat(32) }));
  const [firing = "", over = ""] = mails;
  const [headers = ""] = firing.split("\r\n\r\n");
  t.notMatch(headers, /^bcc:/im);
  t.match(headers, /^Auto-Submitted: auto-generated/m);
  t.match(headers, new RegExp(`^Message-ID: <${"a".repeat(32)}@`, "m"));
  t.match(over, new RegExp(`^In-Reply-To: <${"a".repeat(32)}@`, "m"));
  t.match(over, /^Subject: \[RESOLVED\] critical/m);
});
