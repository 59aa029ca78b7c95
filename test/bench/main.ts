// Measures against real peers on this machine, in one run. Numbers depend on the machine; the ratios should not.
//   npm run bench                     everything but the soak
//   npm run bench -- survey daemon    some parts
//   npm run bench -- soak [MINUTES]   the daemon for ten minutes, or as many as are given
import { cpus } from "node:os";
import { certificateRows } from "./certificates.ts";
import { changeRows } from "./changes.ts";
import { figures } from "./daemon/measured.ts";
import { probedFigures } from "./daemon/probed.ts";
import { recordedFigures } from "./daemon/recorded.ts";
import { soakFigures } from "./daemon/soak.ts";
import { handshakeRows } from "./handshakes.ts";
import { type Row, table } from "./measure.ts";
import { surveyRows } from "./survey.ts";
import { truststoreRows } from "./truststores.ts";

const COMPARED: Readonly<Record<string, () => readonly Row[] | Promise<readonly Row[]>>> = {
  certificates: certificateRows,
  truststores: truststoreRows,
  handshakes: handshakeRows,
  survey: surveyRows,
  changes: changeRows,
};

const TIMED = { recorded: recordedFigures, probed: probedFigures } as const;

const [, , ...asked] = process.argv;
const parts = [...Object.keys(COMPARED), ...Object.keys(TIMED), "daemon", "soak"];
const unknown = asked.filter((word) => !parts.includes(word) && !/^\d+$/u.test(word));
if (unknown.length > 0) {
  console.error(`The bench has no part "${unknown.join('", "')}"; it has ${parts.join(", ")}`);
  process.exit(64);
}
const isAsked = (name: string): boolean => asked.length === 0 || asked.includes(name);

console.log(
  `Node.js ${process.version}, OpenSSL ${process.versions.openssl}, ${cpus()[0]?.model ?? "unknown processor"}\n`,
);
const rows: Row[] = [];
for (const [name, measure] of Object.entries(COMPARED))
  if (isAsked(name)) rows.push(...(await measure()));
if (rows.length > 0) console.log(`${table(rows)}\n`);
for (const [name, measure] of Object.entries(TIMED))
  if (isAsked(name) || asked.includes("daemon")) console.log(`${figures(await measure())}\n`);
if (asked.includes("soak")) {
  const minutes = Number(asked.find((word) => /^\d+$/u.test(word)) ?? 10);
  console.log(figures(await soakFigures(minutes)));
}
