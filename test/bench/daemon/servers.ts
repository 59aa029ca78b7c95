// node test/bench/daemon/servers.ts FOLDER: TLS servers on every loopback address, with a CA in FOLDER/root.pem.
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";
import { keyPem, smallPki } from "../../daemon/fixture.ts";

const { root, leaf } = smallPki();
writeFileSync(join(process.argv[2] ?? "", "root.pem"), root.pem);
const server = createServer(
  { key: keyPem(leaf), cert: leaf.pem, ecdhCurve: "X25519" },
  (socket) => {
    socket.on("error", () => {});
    socket.end();
  },
);
server.on("tlsClientError", () => {});
server.listen({ port: 0, host: "0.0.0.0", backlog: 4096 }, () =>
  process.send?.((server.address() as AddressInfo).port),
);
process.on("disconnect", () => process.exit());
