import t from "tap";
import { explainStream } from "../../src/cli/explain/read-text.ts";

const MEGABYTES = 56;

t.test("explainStream() reads more than 50 MB in bounded memory", async (t) => {
  const quiet =
    "2026-11-21 11:23:48,123 INFO [worker-7] o.e.Service - request 4711 took 12 ms, user jdoe, path /a/b/c\n";
  const trouble =
    "2026-11-21 11:23:49,000 ERROR [worker-7] o.e.Service - https://api.example.com/: PKIX path building failed: unable to find valid certification path to requested target\n\tat a.b.C.d(C.java:1)\n";
  const chunk = Buffer.from(quiet.repeat(10_000) + trouble);
  const chunks = Math.ceil((MEGABYTES << 20) / chunk.length);
  let peak = 0;
  const before = process.memoryUsage().rss;
  const explanation = await explainStream(
    (async function* () {
      for (let count = 0; count < chunks; count++) {
        peak = Math.max(peak, process.memoryUsage().rss);
        yield chunk;
      }
    })(),
  );
  t.equal(explanation.lines, chunks * 10_002);
  t.equal(explanation.problems.length, 1);
  t.equal(explanation.problems[0]?.count, chunks);
  t.equal(explanation.problems[0]?.first.line, 10_001);
  t.ok(peak - before < 150 << 20, `${(peak - before) >> 20} MB more`);
});

t.test("explainStream() reads UTF-16 as Windows tools write it", async (t) => {
  const text = "Schannel: CERT_E_UNTRUSTEDROOT\r\nunable to find valid certification path\r\n";
  const little = Buffer.from(text, "utf16le");
  const big = Buffer.from(little).swap16();
  const once = async function* (...parts: readonly Uint8Array[]) {
    yield* parts;
  };
  const inputs = [
    [Buffer.from([0xff, 0xfe]), little],
    [little],
    [Buffer.from([0xfe, 0xff]), big],
    [big],
  ];
  for (const [index, parts] of inputs.entries()) {
    const { problems } = await explainStream(once(Buffer.concat(parts)));
    t.equal(problems.length, 2, `input ${index}`);
  }
});
