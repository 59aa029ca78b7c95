import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import type { CaseId } from "../../src/diagnosis/catalogue.ts";
import { explainText } from "../../src/diagnosis/explain/explain.ts";
import { type Lab, listen, openLab } from "../cli/servers.ts";
import { cleanEnvironment } from "../set-up/run.ts";
import { findTool, requireTool } from "../tools.ts";

/** Everything that a program prints, whatever its exit code; what it asks for is not answered. */
function printed(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { env: { ...cleanEnvironment(), LC_ALL: "C.UTF-8" } },
      (_error, stdout, stderr) => resolve(`${stdout}\n${stderr}`),
    );
    child.stdin?.end();
  });
}

/** A server with one fault, and the case that it is. */
interface Faulty {
  readonly cause: CaseId;
  readonly port: number;
}

const NODE_CLIENT =
  "const {readFileSync:f}=require('fs');require('tls').connect({host:'localhost',port:+process.argv[2],ca:f(process.argv[1])}).on('error',e=>{console.log(e);process.exit()})";
const PYTHON_CLIENT =
  "import socket,ssl,sys\nssl.create_default_context(cafile=sys.argv[1]).wrap_socket(socket.create_connection(('localhost',int(sys.argv[2]))),server_hostname='localhost')";

const JAVA_CLIENT = fileURLToPath(new URL("trust-client.java", import.meta.url));

async function faultyServers(
  t: Test,
  { issue, serve }: Lab,
): Promise<{
  readonly anchor: string;
  readonly servers: readonly Faulty[];
}> {
  const keyType = "p256";
  const ca = await issue({ name: "ca", keyType });
  const middle = await issue({ name: "middle", keyType, issuer: ca, authority: true });
  const stranger = await issue({ name: "stranger", keyType });
  const start = async (cause: CaseId, certificate: Awaited<ReturnType<typeof issue>>) => ({
    cause,
    port: (await serve(certificate)).port,
  });
  const servers = [
    await start("B1", await issue({ name: "incomplete", keyType, issuer: middle })),
    await start("A1", await issue({ name: "unknown", keyType, issuer: stranger })),
    await start(
      "B11",
      await issue({
        name: "self-signed",
        keyType,
        authority: false,
      }),
    ),
    await start(
      "C5",
      await issue({ name: "other", keyType, issuer: ca, altNames: "DNS:other.example.com" }),
    ),
    {
      cause: "D7" as const,
      port: await listen(t, (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    },
  ];
  return { anchor: ca.certificate, servers };
}

t.test("explainText() recognises what clients on this machine print", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const { anchor, servers } = await faultyServers(t, lab);
  const holds = (t: Test, client: string, { cause }: Faulty, text: string): void => {
    const { problems } = explainText(text);
    const causes = problems.flatMap(({ cases }) => cases);
    const ruledOut = problems
      .filter(({ cases }) => cases.includes(cause))
      .flatMap(({ pattern }) => pattern.not.flatMap(({ cases }) => cases));
    t.ok(problems.length <= 2, `${client} ${cause} is told once`, {
      text,
      said: problems.map(({ pattern }) => pattern.id),
    });
    t.ok(causes.includes(cause), `${client} ${cause}`, { text, causes });
    t.notOk(ruledOut.includes(cause), `${client} does not rule ${cause} out`);
  };
  const clients: readonly (readonly [
    string,
    string | undefined,
    (port: number) => readonly string[],
  ])[] = [
    [
      "openssl",
      lab.openssl,
      (port) =>
        `s_client -connect 127.0.0.1:${port} -servername localhost -verify_hostname localhost -CAfile ${anchor}`.split(
          " ",
        ),
    ],
    ["node", process.execPath, (port) => ["-e", NODE_CLIENT, anchor, String(port)]],
    ["python", "python3", (port) => ["-c", PYTHON_CLIENT, anchor, String(port)]],
    ["curl", findTool("curl"), (port) => ["-sS", "--cacert", anchor, `https://localhost:${port}/`]],
    [
      "gnutls-cli",
      findTool("gnutlsCli"),
      (port) => ["--x509cafile", anchor, "-p", String(port), "localhost"],
    ],
  ];
  for (const [client, program, args] of clients)
    await t.test(`${client} prints what is recognised`, async (t) => {
      const version = program === undefined ? "ENOENT" : await printed(program, ["--version"]);
      if (program === undefined || version.trim() === "") {
        t.comment(`${client} is not on this machine`);
        return;
      }
      for (const server of servers)
        holds(t, client, server, await printed(program, args(server.port)));
    });
  await t.test("java", async (t) => {
    const java = requireTool(t, "java");
    if (java === undefined) return;
    for (const manager of ["PKIX", "SunX509"]) {
      const ports = servers.map(({ port }) => String(port));
      const traces = (await printed(java, [JAVA_CLIENT, anchor, manager, ...ports])).split("----");
      for (const [index, server] of servers.entries())
        holds(t, `java ${manager}`, server, traces[index] ?? "");
    }
  });
});
