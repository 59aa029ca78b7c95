// Measures against real peers on this machine, in one run. Numbers depend on the machine; the ratios should not.
import { cpus } from "node:os";
import { certificateRows } from "./certificates.ts";
import { changeRows } from "./changes.ts";
import { handshakeRows } from "./handshakes.ts";
import { table } from "./measure.ts";
import { surveyRows } from "./survey.ts";
import { truststoreRows } from "./truststores.ts";

console.log(
  `Node.js ${process.version}, OpenSSL ${process.versions.openssl}, ${cpus()[0]?.model ?? "unknown processor"}\n`,
);
console.log(
  table([
    ...certificateRows(),
    ...(await truststoreRows()),
    ...(await handshakeRows()),
    ...(await surveyRows()),
    ...(await changeRows()),
  ]),
);
