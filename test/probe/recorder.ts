import t from "tap";
import type { AlertRecord } from "../../src/probe/handshake.ts";
import { Recorder } from "../../src/probe/recorder.ts";

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
