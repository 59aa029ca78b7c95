import fc from "fast-check";
import t from "tap";
import { RECORDINGS, recording, recordedOptions, replay, serverBytes } from "./recording.ts";

/** How conversations end in which the server asks for a certificate, by the end of their names. */
const failures: Readonly<Record<string, string>> = {
  certificate: "client-certificate-required",
  refused: "client-certificate-refused",
};

/** Cuts bytes at the given places. */
function* cut(bytes: Uint8Array, places: readonly number[]): Generator<Uint8Array> {
  let start = 0;
  for (const place of [...places, bytes.length].sort((a, b) => a - b)) {
    yield bytes.slice(start, place);
    start = place;
  }
}

for (const recorded of RECORDINGS) {
  const bytes = serverBytes(recorded);
  const whole = replay(recordedOptions(recorded), [bytes]);

  t.test(`TlsClient has the recorded conversation ${recorded.name} again`, async (t) => {
    const last = whole.events.at(-1);
    const expected = failures[recorded.name.split("-client-")[1] ?? ""];
    if (expected === undefined) t.same(last, { kind: "complete" });
    else t.match(last, { kind: "failed", failure: { code: expected } });
    t.equal(whole.events.filter(({ kind }) => kind === "certificates").length, 1);
    const signatures = recorded.name.includes("static") ? 0 : 1;
    t.equal(whole.events.filter(({ kind }) => kind === "signature").length, signatures);
    const version = recorded.name.replace(/^tls(\d)(\d).*/, "TLSv$1.$2");
    const [first] = whole.events;
    t.equal(first?.kind, recorded.name.includes("retry") ? "extensions" : "hello");
    t.ok(whole.events.some((event) => event.kind === "hello" && event.version === version));
    t.equal(
      whole.events.some(({ kind }) => kind === "ocsp-staple"),
      recorded.name.endsWith("staple"),
    );
    t.equal(
      whole.events.some(({ kind }) => kind === "certificate-request"),
      recorded.name.includes("-client-"),
    );
  });

  t.test(`TlsClient reports and sends the same for ${recorded.name} byte by byte`, async (t) => {
    const places = Array.from(bytes.subarray(1), (_, index) => index + 1);
    t.same(replay(recordedOptions(recorded), cut(bytes, places)), whole);
  });

  t.test(`TlsClient reports and sends the same for ${recorded.name} cut anywhere`, async (t) => {
    const places = fc.array(fc.nat(bytes.length), { maxLength: 12 });
    fc.assert(
      fc.property(places, (chosen) => {
        t.same(replay(recordedOptions(recorded), cut(bytes, chosen)), whole);
      }),
      { numRuns: 15, seed: 7 },
    );
  });

  t.test(`TlsClient ends ${recorded.name} with one reason when it is cut short`, async (t) => {
    const completeAt = bytes.length;
    for (let length = 0; length < completeAt; length++) {
      const { events, ended } = replay(
        recordedOptions(recorded),
        [bytes.slice(0, length)],
        "closed",
      );
      const ends = events.filter(({ kind }) => kind === "failed" || kind === "complete");
      if (!ended || ends.length !== 1) {
        t.fail(`${length} bytes give ${ends.length} ends`);
        break;
      }
    }
    const { events } = replay(recordedOptions(recorded), []);
    t.same(events, [
      { kind: "end", by: "server", how: "closed" },
      {
        kind: "failed",
        failure: {
          code: "connection-closed",
          message: "Server closed the connection before the handshake was complete",
        },
        firstBytes: null,
      },
    ]);
  });

  t.test(`TlsClient never completes ${recorded.name} with a flipped bit that counts`, async (t) => {
    const insignificant = recordVersionOffsets(bytes);
    for (let at = 0; at < bytes.length; at++) {
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      const { events, ended } = replay(recordedOptions(recorded), [flipped], "closed");
      const completed = events.some(({ kind }) => kind === "complete");
      if (!ended || (completed && !insignificant.has(at)))
        t.fail(`Byte ${at} flipped: ${JSON.stringify(events.at(-1))}`);
    }
    t.pass(`${bytes.length} flips`);
  });
}

/** Places of the minor version in record headers, which nothing depends on (RFC 8446 section 5.1). */
function recordVersionOffsets(bytes: Uint8Array): ReadonlySet<number> {
  const offsets = new Set<number>();
  for (let at = 0; at + 5 <= bytes.length;) {
    offsets.add(at + 2);
    at += 5 + (bytes[at + 3] ?? 0) * 256 + (bytes[at + 4] ?? 0);
  }
  return offsets;
}

t.test("TlsClient keeps the chain when the connection breaks right after it", async (t) => {
  for (const name of ["tls12-rsa", "tls12-client-certificate"]) {
    const bytes = serverBytes(recording(name));
    const whole = replay(recordedOptions(recording(name)), [bytes]);
    const chain = whole.events.find(({ kind }) => kind === "certificates");
    // ServerHello and Certificate are records of their own in these conversations.
    const first = 5 + (bytes[3] ?? 0) * 256 + (bytes[4] ?? 0);
    const second = first + 5 + (bytes[first + 3] ?? 0) * 256 + (bytes[first + 4] ?? 0);
    const { events } = replay(recordedOptions(recording(name)), [bytes.slice(0, second)], "reset");
    t.same(
      events.find(({ kind }) => kind === "certificates"),
      chain,
    );
    t.match(events.at(-1), { kind: "failed", failure: { code: "connection-reset" } });
  }
});

t.test("TlsClient does nothing more after its end", async (t) => {
  const recorded = recording("tls13-rsa");
  const bytes = serverBytes(recorded);
  const once = replay(recordedOptions(recorded), [bytes], "open");
  const more = replay(recordedOptions(recorded), [bytes, bytes, bytes], "reset");
  t.same(more, once);
});
