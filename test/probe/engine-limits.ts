import t from "tap";
import type { FailureCode } from "../../src/probe/handshake.ts";
import { TlsClient } from "../../src/probe/tls/client.ts";
import { LIMITS } from "../../src/probe/tls/limits.ts";
import { changeCipherSpecRecord, plainRecord } from "../../src/probe/tls/record-protection.ts";
import { ContentType } from "../../src/probe/tls/record-reader.ts";
import { recording, type Recording, recordedOptions, type Replay, replay } from "./recording.ts";
import { clear, clearMessages, message, serverFlight13 } from "./rewrite.ts";

const tls12 = recording("tls12-rsa");
const tls13 = recording("tls13-rsa");
const [hello12 = new Uint8Array(), certificate12 = new Uint8Array()] = clearMessages(tls12);
const { hello: hello13, sealer } = serverFlight13(tls13);

const record = (type: number, ...content: readonly number[]): Uint8Array =>
  plainRecord(type, Uint8Array.from(content), 0x0303);
const warning = record(ContentType.alert, 1, 112);
const helloRequest = clear(message(0, new Uint8Array()));
const empty = record(ContentType.handshake);

function run(chunks: readonly Uint8Array[], recorded: Recording = tls12): Replay {
  return replay(recordedOptions(recorded), chunks, "open");
}

const times = (count: number, chunk: Uint8Array): readonly Uint8Array[] =>
  Array.from({ length: count }, () => chunk);

/** The content of a record of 16 KiB within a Certificate message that announces `length` bytes. */
function* endlessCertificate(length: number): Generator<Uint8Array> {
  yield clear(Uint8Array.of(11, length >>> 16, (length >>> 8) & 0xff, length & 0xff));
  for (let sent = 0; sent < length; sent += 16_384) yield clear(new Uint8Array(16_384));
}

const excesses: Readonly<Record<string, readonly [Replay, FailureCode, RegExp]>> = {
  "a message of 16 MB": [
    run([clear(hello12), clear(Uint8Array.of(11, 255, 255, 255))]),
    "message-too-large",
    /^Certificate announces 16777215 bytes; at most 262144 are read$/,
  ],
  "a message just above the limit": [
    run([clear(hello12), clear(Uint8Array.of(11, 4, 0, 1))]),
    "message-too-large",
    /announces 262145 bytes/,
  ],
  "a record that is too long": [
    run([Uint8Array.of(22, 3, 3, 0x48, 0x01)]),
    "bad-record",
    /^Record announces 18433 bytes; at most 18432 are allowed$/,
  ],
  "a record of an unknown type": [
    run([clear(hello12), Uint8Array.of(24, 3, 3, 0, 1, 0)]),
    "bad-record",
    /^Record header has content type 24 and version 0x0303$/,
  ],
  "a record of another version": [
    run([clear(hello12), Uint8Array.of(22, 2, 0, 0, 1, 0)]),
    "bad-record",
    /version 0x0200$/,
  ],
  "endless warnings": [
    run(times(LIMITS.warnings + 1, warning)),
    "limit-exceeded",
    /^Server sent more than 5 warnings$/,
  ],
  "endless empty records": [
    run([clear(hello12), ...times(LIMITS.emptyRecords + 1, empty)]),
    "limit-exceeded",
    /^Server sent more than 16 empty records$/,
  ],
  "endless hello requests": [
    run([clear(hello12), ...times(LIMITS.messages, helloRequest)]),
    "limit-exceeded",
    /^Server sent more than 128 handshake messages$/,
  ],
  "endless compatibility records": [
    run(
      [clear(hello13), ...times(LIMITS.compatibilityRecords + 1, changeCipherSpecRecord())],
      tls13,
    ),
    "unexpected-message",
    /^Server sent ChangeCipherSpec where TLSv1\.3 does not allow it$/,
  ],
  "endless protected padding": [
    run(
      (() => {
        const seal = sealer();
        const records = Array.from({ length: LIMITS.emptyRecords + 1 }, () =>
          seal(ContentType.handshake, new Uint8Array()),
        );
        return [clear(hello13), ...records];
      })(),
      tls13,
    ),
    "limit-exceeded",
    /empty records/,
  ],
  "ChangeCipherSpec before ServerHello": [
    run([changeCipherSpecRecord()]),
    "unexpected-message",
    /^Server sent ChangeCipherSpec before ServerHello$/,
  ],
  "ChangeCipherSpec before its time in TLS 1.2": [
    run([clear(hello12), changeCipherSpecRecord()]),
    "unexpected-message",
    /^Server sent ChangeCipherSpec while its certificate was awaited$/,
  ],
  "ChangeCipherSpec inside a message": [
    run([clear(hello12), clear(certificate12.subarray(0, 50)), changeCipherSpecRecord()]),
    "unexpected-message",
    /malformed or out of place$/,
  ],
  "a ChangeCipherSpec of two bytes": [
    run([record(ContentType.changeCipherSpec, 1, 1)]),
    "unexpected-message",
    /malformed or out of place$/,
  ],
  "application data before ServerHello": [
    run([record(ContentType.applicationData, 1, 1)]),
    "unexpected-message",
    /^Server sent application data before ServerHello$/,
  ],
  "application data within TLS 1.2": [
    run([clear(hello12), record(ContentType.applicationData, 1, 1)]),
    "unexpected-message",
    /^Server sent application data within the handshake$/,
  ],
  "an alert of one byte": [
    run([record(ContentType.alert, 2)]),
    "malformed-message",
    /^Alert record holds 1 bytes instead of 2$/,
  ],
};

for (const [what, [replayed, code, says]] of Object.entries(excesses))
  t.test(`TlsClient gives up on ${what}`, async (t) => {
    t.ok(replayed.ended);
    t.match(replayed.events.at(-1), { kind: "failed", failure: { code, message: says } });
  });

t.test("TlsClient stops reading a conversation that grows without end", async (t) => {
  const engine = new TlsClient(recordedOptions(tls12));
  engine.start();
  engine.receive(clear(hello12));
  let bytes = 0;
  while (!engine.ended && bytes < 4 * LIMITS.totalBytes)
    for (const chunk of endlessCertificate(LIMITS.messageLength)) {
      bytes += chunk.length;
      engine.receive(chunk);
    }
  t.ok(engine.ended);
  t.ok(bytes <= LIMITS.totalBytes + LIMITS.messageLength + 100_000, `${bytes} bytes were taken`);
});

t.test("TlsClient reads a large message in tiny records without growing slower", async (t) => {
  const length = LIMITS.records - 10;
  const engine = new TlsClient(recordedOptions(tls12));
  engine.start();
  engine.receive(clear(hello12));
  engine.receive(clear(Uint8Array.of(11, length >>> 16, (length >>> 8) & 0xff, length & 0xff)));
  const one = clear(Uint8Array.of(0));
  for (let sent = 0; sent < length - 1; sent++) engine.receive(one);
  t.notOk(engine.ended);
  const { events } = engine.receive(one);
  t.match(events.at(-1), {
    kind: "failed",
    failure: { code: "malformed-message", message: /^Malformed Certificate: / },
  });
});

t.test("TlsClient reads past a few warnings and keeps the last word of the server", async (t) => {
  const { events } = replay(recordedOptions(tls12), [warning, clear(hello12)], "closed");
  t.match(events[0], {
    kind: "alert",
    alert: { level: "warning", code: 112, description: "unrecognized_name" },
  });
  t.match(events.slice(-2), [
    { kind: "end", by: "server", how: "closed" },
    { kind: "failed", failure: { code: "connection-closed" } },
  ]);
});

const alerts: Readonly<Record<string, readonly [bytes: readonly number[], code: FailureCode]>> = {
  handshake_failure: [[2, 40], "alert-received"],
  protocol_version: [[2, 70], "version-unsupported"],
  unrecognized_name: [[2, 112], "alert-received"],
  close_notify: [[1, 0], "connection-closed"],
  certificate_required: [[2, 116], "alert-received"],
  unknown_alert: [[2, 200], "alert-received"],
};

for (const [description, [bytes, code]] of Object.entries(alerts))
  t.test(`TlsClient records ${description} in answer to its hello`, async (t) => {
    const { events } = run([record(ContentType.alert, ...bytes)]);
    t.match(events, [
      { kind: "alert", alert: { direction: "received", code: bytes[1], description } },
      { kind: "end", by: "server", how: description === "close_notify" ? "close-notify" : "alert" },
      { kind: "failed", failure: { code } },
    ]);
  });

t.test("TlsClient takes an alert of unknown level as fatal", async (t) => {
  t.match(run([record(ContentType.alert, 7, 40)]).events, [
    { kind: "alert", alert: { level: "unknown" } },
    { kind: "end", by: "server", how: "alert" },
    { kind: "failed", failure: { code: "alert-received" } },
  ]);
});

t.test("TlsClient takes a warning in TLS 1.3 for what it says, whatever its level", async (t) => {
  const seal = sealer();
  const fatal = replay(
    recordedOptions(tls13),
    [clear(hello13), seal(ContentType.alert, Uint8Array.of(1, 80))],
    "open",
  );
  t.match(fatal.events.at(-1), { kind: "failed", failure: { code: "alert-received" } });
  const cancelled = replay(
    recordedOptions(tls13),
    [clear(hello13), sealer()(ContentType.alert, Uint8Array.of(2, 90))],
    "open",
  );
  t.notOk(cancelled.ended, "user_canceled is always read past");
});

t.test("TlsClient.stop() gives the reason from outside, once", async (t) => {
  const engine = new TlsClient();
  engine.start();
  const reason = { code: "timeout-handshake", message: "Too late" } as const;
  t.same(engine.stop(reason).events, [
    { kind: "end", by: "client", how: "abandoned" },
    { kind: "failed", failure: reason, firstBytes: null },
  ]);
  t.same(engine.stop(reason).events, []);
  t.same(engine.hangUp("reset").events, []);
  t.same(engine.settle().events, []);
});
