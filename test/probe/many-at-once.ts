import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import t, { type Test } from "tap";
import { writePem } from "../../src/x509/pem.ts";
import { selfSigned } from "../lab/self-signed.ts";

const CHILD = fileURLToPath(new URL("many-at-once-child.ts", import.meta.url));

/** Time for which a slow server says nothing: longer than the others need together. */
const SILENCE = 5_000;

const listen = async (t: Test, server: Server): Promise<string> => {
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
  await once(server, "listening");
  t.teardown(() => server.close());
  return String((server.address() as AddressInfo).port);
};

t.test("probe() makes 2,000 conversations at once in 300 MB, slow servers included", async (t) => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const quiet = (socket: Socket): unknown => socket.on("error", () => undefined);
  const fast = createTlsServer(
    {
      key: privateKey.export({ type: "pkcs8", format: "pem" }),
      cert: writePem("CERTIFICATE", selfSigned(publicKey, privateKey)),
    },
    quiet,
  );
  const slow = createServer((socket) => {
    quiet(socket);
    const timer = setTimeout(() => socket.destroy(), SILENCE);
    socket.on("close", () => clearTimeout(timer)).resume();
  });
  const ports = [await listen(t, fast), await listen(t, slow)];
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [CHILD, "2000", ...ports]);
  const { ended, megabytes } = JSON.parse(stdout) as Readonly<{
    ended: Readonly<Record<string, number>>;
    megabytes: number;
  }>;
  t.equal(ended["complete complete"], 1000, JSON.stringify(ended));
  t.equal((ended["connection-closed"] ?? 0) + (ended["connection-reset"] ?? 0), 1000);
  t.ok(megabytes <= 300, `${Math.round(megabytes)} MB`);
});
