import { settleClientAuth } from "../../src/probe/client-auth.ts";
import type { ClientAuth } from "../../src/probe/client-auth-record.ts";
import type { Handshake } from "../../src/probe/handshake.ts";
import { probe } from "../../src/probe/probe.ts";
import { cipherSuiteName } from "../../src/probe/tls/cipher-suite-names.ts";
import { configuredKeyring } from "../../src/probe/tls/client-options.ts";
import { groupName } from "../../src/probe/tls/groups.ts";
import { buildHello } from "../../src/probe/tls/hello-builder.ts";
import type { HelloShape } from "../../src/probe/tls/hello-shape.ts";
import { type Cell, CLIENT_AUTH_CELLS, type Observation, type Peer, VERSIONS } from "./cell.ts";
import { CLIENT_NAME, type Identities } from "./identities.ts";
import { OWN_CURVE } from "./plan.ts";

/** A cell and what was wrong with it; nothing: it is as the server itself reports. */
export interface CellResult {
  readonly cell: Cell;
  readonly complaints: readonly string[];
}

/** A cell in words. */
export function describeCell({ version, suite, group, certificate, clientAuth }: Cell): string {
  const agreed = group === null ? "" : `, ${groupName(group)}`;
  return `${version} ${cipherSuiteName(suite)}${agreed}, ${certificate}, client certificate ${clientAuth}`;
}

function shapeOf({ version, suite, group, certificate }: Cell): HelloShape {
  // Before TLS 1.3 the same list says on which curves a certificate's key may be (RFC 8422 section 4).
  const curve = version === "TLSv1.3" ? undefined : OWN_CURVE[certificate];
  const groups = new Set([group ?? 0x17, ...(curve === undefined ? [] : [curve])]);
  return buildHello({
    versions: [VERSIONS[version]],
    cipherSuites: [suite],
    groups: [...groups],
  });
}

/** What the handshake itself must show. */
function expectedEnd(
  { clientAuth }: Cell,
  { judgesLater }: Peer,
): "client-certificate-required" | "client-certificate-refused" | null {
  const { mode, answer } = CLIENT_AUTH_CELLS[clientAuth];
  if (judgesLater.includes(mode) || mode === "none") return null;
  if (answer === "wrong") return "client-certificate-refused";
  return mode === "required" && answer === "nothing" ? "client-certificate-required" : null;
}

function expectedClientAuth({ clientAuth }: Cell, { judgesLater }: Peer): ClientAuth {
  const { mode } = CLIENT_AUTH_CELLS[clientAuth];
  return mode === "required" && judgesLater.includes(mode) ? "optional" : mode;
}

/** What the server must have said, where that follows from the cell. */
function expectedWords(
  { clientAuth }: Cell,
  { judgesLater }: Peer,
): Pick<Observation, "client" | "refusal"> {
  const { mode, answer } = CLIENT_AUTH_CELLS[clientAuth];
  if (mode === "none") return { client: null, refusal: null };
  if (answer === "wrong") return { client: null, refusal: "wrong" };
  if (answer === "accepted") return { client: CLIENT_NAME, refusal: null };
  // Who misses a certificate later says so in an answer to a request.
  const refused = mode === "required" && !judgesLater.includes(mode);
  return { client: null, refusal: refused ? "missing" : null };
}

function* compare(
  cell: Cell,
  peer: Peer,
  { record, seen, chain }: { record: Handshake; seen: Observation; chain: readonly Uint8Array[] },
): Generator<string> {
  const differs = (what: string, ours: unknown, theirs: unknown): string[] =>
    ours === theirs ? [] : [`${what}: ${String(ours)} recorded, ${String(theirs)} expected`];
  const suite = cipherSuiteName(cell.suite);
  const end = expectedEnd(cell, peer);
  yield* differs("end", record.failure?.code ?? null, end);
  yield* differs("version", record.version, cell.version);
  yield* differs("suite", record.cipherSuite, suite);
  if (cell.group !== null) yield* differs("group", record.group, groupName(cell.group));
  const { mode } = CLIENT_AUTH_CELLS[cell.clientAuth];
  yield* differs("request", record.clientCertificateRequested, mode !== "none");
  const digest = (list: readonly Uint8Array[]) =>
    list.map((each) => Buffer.from(each).toString("base64")).join();
  if (digest(record.certificates) !== digest(chain)) yield "chain: not the configured one";
  const expected = expectedWords(cell, peer);
  if (seen.version !== null) yield* differs("server's version", record.version, seen.version);
  if (seen.suite !== null) yield* differs("server's suite", suite, cipherSuiteName(seen.suite));
  if (seen.group !== null) yield* differs("server's group", record.group, groupName(seen.group));
  yield* differs("server's client", seen.client, expected.client);
  yield* differs("server's refusal", seen.refusal, expected.refusal);
  const refused = expected.refusal !== null && !peer.judgesLater.includes(mode);
  yield* differs("server's outcome", seen.outcome, refused ? "refused" : "accepted");
  if (seen.outcome === "accepted" && (seen.version === null || seen.suite === null))
    yield "server: it does not say what was negotiated";
  const tells = cell.group !== null && peer.tellsGroup.includes(cell.version);
  if (tells && seen.outcome === "accepted" && seen.group === null)
    yield "server: it does not say which group was agreed on";
}

/** Times that a cell is asked again where the server's own fault shows at random. */
const TRIES = 3;

/** Has one cell's conversation, and a second one where the first leaves open whether a certificate is required. */
export async function runCell(
  cell: Cell,
  peer: Peer,
  { clients, servers }: Identities,
): Promise<CellResult> {
  const { mode, answer } = CLIENT_AUTH_CELLS[cell.clientAuth];
  const port = await peer.port(cell.certificate, mode);
  const shape = shapeOf(cell);
  const converse = async (authenticated: boolean) => {
    const heard = peer.listen(cell.certificate, mode);
    const record = await probe(
      { scheme: "tls", host: "localhost", port },
      {
        address: "127.0.0.1",
        timeoutMs: 60_000,
        shape,
        ...(authenticated && answer !== "nothing"
          ? { keyring: configuredKeyring(clients[answer]) }
          : {}),
      },
    );
    return { record, seen: await heard() };
  };
  let { record, seen } = await converse(true);
  for (let again = 0; again < TRIES && record.failure?.code === "bad-record"; again++) {
    if (peer.mayFail?.(cell) !== true) break;
    ({ record, seen } = await converse(true));
  }
  const chain = servers.get(cell.certificate)?.ders ?? [];
  const complaints = [...compare(cell, peer, { record, seen, chain })];
  const settled = await settleClientAuth(record, async () => (await converse(false)).record);
  const clientAuth = expectedClientAuth(cell, peer);
  if (settled.clientAuth !== clientAuth)
    complaints.push(`client authentication: ${settled.clientAuth} found, ${clientAuth} expected`);
  return {
    cell,
    complaints:
      complaints.length === 0
        ? []
        : [...complaints, record.failure?.message ?? "complete", seen.words.slice(-2000)],
  };
}
