// Records the ClientHello of every client of this machine and writes src/probe/hellos/captures.json; captures of
// clients that are not here stay as they are. Give other majors of Node.js by ANCHORWATCH_NODE_<major>=PATH.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { HelloCapture } from "../src/probe/hellos/captures.ts";
import { findClients } from "./hellos/clients.ts";
import { recordHello } from "./hellos/listen.ts";

const file = fileURLToPath(new URL("../src/probe/hellos/captures.json", import.meta.url));
const SERVER_NAME = "probe.example.com";

const captures = new Map(
  Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, HelloCapture>),
);
const { clients, missing, remove } = await findClients();
try {
  for (const { name, version, connect } of clients) {
    const hello = await recordHello((port) => connect(port, SERVER_NAME));
    captures.set(name, {
      client: version,
      recordVersion: hello.recordVersion,
      hello: Buffer.from(hello.message).toString("hex"),
    });
    console.log(`${name}: ${version}, ${hello.message.length} bytes`);
  }
} finally {
  remove();
}
for (const [name, reason] of missing) console.log(`${name}: kept as it was, ${reason}`);
const sorted = [...captures].toSorted(([one], [other]) => (one < other ? -1 : 1));
writeFileSync(file, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
