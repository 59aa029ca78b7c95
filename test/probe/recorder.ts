import t from "tap";
import type { AlertRecord } from "../../src/probe/handshake.ts";
import { Recorder } from "../../src/probe/recorder.ts";
import type { EngineEvent } from "../../src/probe/tls/events.ts";
import { LIMITS } from "../../src/probe/tls/limits.ts";

const facts = {
  endpoint: { scheme: "https", host: "example.com", port: 443 },
  serverName: "example.com",
  address: "192.0.2.1",
  dialledPort: 443,
  proxy: null,
  dns: 1.23456,
} as const;

const recorder = (): Recorder => new Recorder(facts, "2026-11-21T06:00:00.000Z", 1000);

const alert = (direction: AlertRecord["direction"], description: string): AlertRecord => ({
  direction,
  level: "fatal",
  code: 1,
  description,
});

t.test("Recorder measures each phase from the end of the one before", async (t) => {
  const record = recorder();
  t.equal(record.finish().stage, "dns");
  record.connected(1002);
  record.prelude("proxy", 1002.5);
  record.add({ kind: "hello", version: "TLSv1.3" }, 1005.5);
  record.add({ kind: "certificates", certificates: [Uint8Array.of(1)] }, 1006);
  record.add({ kind: "finished", awaitsVerdict: true }, 1007.25);
  t.equal(record.finish().stage, "finished");
  record.add({ kind: "complete" }, 1300);
  t.match(record.finish(), {
    outcome: "complete",
    stage: "complete",
    failure: null,
    phases: { dns: 1.235, connect: 2, proxy: 0.5, dialog: null, hello: 3, complete: 1.75 },
  });
});

t.test("Recorder keeps the stage and the facts that were reached before a failure", async (t) => {
  const record = recorder();
  record.connected(1001);
  record.add({ kind: "hello", version: "TLSv1.2" }, 1002);
  const failure = { code: "connection-reset", message: "Gone" } as const;
  record.add({ kind: "failed", failure, firstBytes: null }, 1003);
  t.match(record.finish(), {
    outcome: "failed",
    stage: "hello",
    version: "TLSv1.2",
    failure,
    phases: { connect: 1, hello: 1, complete: null },
  });
});

t.test("Recorder prefers what the server said to what it was told", async (t) => {
  const last = (...alerts: readonly AlertRecord[]): string | undefined => {
    const record = recorder();
    for (const each of alerts) record.add({ kind: "alert", alert: each }, 0);
    return record.finish().alert?.description;
  };
  t.equal(last(alert("sent", "decode_error")), "decode_error");
  t.equal(
    last(alert("received", "unrecognized_name"), alert("sent", "decode_error")),
    "unrecognized_name",
  );
  t.equal(
    last(alert("sent", "decode_error"), alert("received", "internal_error")),
    "internal_error",
  );
  t.equal(last(alert("received", "unknown_ca"), alert("received", "close_notify")), "unknown_ca");
  t.equal(
    last(alert("received", "unrecognized_name"), alert("received", "unknown_ca")),
    "unknown_ca",
  );
});

t.test("Recorder keeps all alerts in order, up to a bound", async (t) => {
  const record = recorder();
  const warning = alert("received", "unrecognized_name");
  for (let count = 0; count < LIMITS.alertsKept + 5; count++)
    record.add({ kind: "alert", alert: warning }, 0);
  t.equal(record.finish().alerts.length, LIMITS.alertsKept);
  const both = recorder();
  for (const each of [warning, alert("sent", "decode_error")])
    both.add({ kind: "alert", alert: each }, 0);
  t.same(
    both.finish().alerts.map(({ direction }) => direction),
    ["received", "sent"],
  );
});

t.test("Recorder gathers what the server said and who ended the conversation", async (t) => {
  const record = recorder();
  const extension = { message: "ServerHello", certificate: null, length: 2 } as const;
  const extensions = [{ ...extension, code: 43, name: "supported_versions" }];
  const more = [{ ...extension, code: 51, name: "key_share" }];
  const keyExchange = { kind: "dhe", group: "ffdhe2048", bits: 2048, field: null } as const;
  const ticket = { lifetime: 60, length: 100, maxEarlyData: null };
  for (const event of [
    { kind: "retry", retry: { group: "ffdhe2048", cookieLength: null } },
    { kind: "extensions", extensions },
    { kind: "extensions", extensions: more },
    { kind: "key-exchange", keyExchange },
    { kind: "certificate-compression", algorithm: "zlib" },
    { kind: "timestamps", timestamps: [Uint8Array.of(1)] },
    { kind: "ticket", ticket },
    { kind: "ticket", ticket },
    { kind: "end", by: "server", how: "close-notify" },
  ] as const satisfies readonly EngineEvent[])
    record.add(event, 1012.5);
  t.match(record.finish(), {
    retry: { group: "ffdhe2048" },
    extensions: [...extensions, ...more],
    keyExchange,
    group: "ffdhe2048",
    certificateCompression: "zlib",
    signedCertificateTimestamps: [Uint8Array.of(1)],
    tickets: [ticket, ticket],
    end: { by: "server", how: "close-notify", afterMs: 12.5 },
  });
  record.add(
    { kind: "extensions", extensions: Array.from({ length: 600 }, () => extensions).flat() },
    0,
  );
  t.equal(record.finish().extensions.length, LIMITS.extensionsKept);
});
