// node test/fuzz/dialogs.ts [RUNS [SEED]]: searches for words of a server that make an upgrade dialog throw.
import { fuzz, instrument } from "./coverage.ts";

instrument(/\/src\/probe\/dialogs\//);
const { AGREED, converse, latin1, REFUSED } = await import("../dialogs/scripts.ts");
const { checkOutcome } = await import("../dialogs/outcome.ts");
const { isUpgradeScheme, SCHEMES } = await import("../../src/probe/schemes.ts");

const upgrades = SCHEMES.filter(isUpgradeScheme);

/** The first byte chooses the protocol, the second where the rest is cut in two. */
function target(input: Uint8Array): void {
  const [which = 0, cut = 0] = input;
  const scheme = upgrades[which % upgrades.length];
  if (scheme === undefined) return;
  const bytes = input.subarray(2);
  const at = Math.floor((bytes.length * cut) / 256);
  const chunks = [bytes.subarray(0, at), bytes.subarray(at)];
  const outcome = converse(scheme, chunks, cut % 2 === 0 ? "closed" : "expired");
  checkOutcome(outcome);
  const drops = Array.from(bytes.subarray(0, 2048), (byte) => Uint8Array.of(byte));
  checkOutcome(converse(scheme, drops, "reset"));
  const { framing } = outcome;
  if (framing === null) return;
  framing.seal(bytes);
  framing.open(bytes);
}

const seeds = [...AGREED, ...REFUSED].map(({ scheme, server }) =>
  latin1(`${String.fromCharCode(upgrades.indexOf(scheme))}\x80${server.join("")}`),
);
const dictionary = [
  "\r\n",
  "STARTTLS",
  "220-",
  "250 ",
  "* OK ",
  "{5}\r\n",
  "<a>",
  "</",
  "tls",
  "\x84\0\0\0",
];

const { failure, ...counts } = fuzz({
  seeds,
  dictionary: dictionary.map(latin1),
  target,
  runs: Number(process.argv[2] ?? 100_000),
  seed: Number(process.argv[3] ?? 1),
});
process.stdout.write(`${JSON.stringify(counts)}\n`);
if (failure !== null) {
  process.exitCode = 1;
  const { input, error } = failure;
  process.stdout.write(`${Buffer.from(input).toString("hex")}\n`);
  process.stdout.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}
