import { cipherSuiteName } from "../../../src/probe/tls/cipher-suite-names.ts";
import type { RunningProcess } from "../../lab/process.ts";
import type { Observation, Peer } from "../cell.ts";
import { commonName, hearing, NOTHING_SAID, versionOf } from "../hearing.ts";
import { knownSuites } from "../plan.ts";
import { VERSION_NAMES } from "../cell.ts";

const CODES: ReadonlyMap<string, number> = new Map(
  VERSION_NAMES.flatMap((version) =>
    knownSuites(version).map((code) => [cipherSuiteName(code), code] as const),
  ),
);

/** Code of a suite by its name, with the prefix of older names of Java or without. */
function codeOf(name: string): number | null {
  return CODES.get(name.replace(/^SSL_/, "TLS_")) ?? null;
}

function refusalIn(words: string): Observation["refusal"] {
  if (/Empty (?:client|server) certificate chain|didn't provide a certificate/.test(words))
    return "missing";
  return /PKIX path|failed to verify/.test(words) ? "wrong" : "other";
}

/** What a program of the lab prints of a connection. */
function parse(name: string) {
  return (words: string): Observation | null => {
    const refused = new RegExp(`^REFUSED ${name} (.*)\\n`, "m").exec(words);
    const agreed = new RegExp(`^ACCEPTED ${name} (\\S+) (\\S+) (.*)\\n`, "m").exec(words);
    if (agreed === null)
      return refused === null ? null : { ...NOTHING_SAID, refusal: refusalIn(refused[1] ?? "") };
    const [, version, suite = "", client] = agreed;
    return {
      outcome: "accepted",
      version: versionOf(version),
      suite: codeOf(suite),
      group: null,
      client: commonName(client),
      refusal: null,
      words,
    };
  };
}

/** A program of the lab that prints `SUITE`, `PORT`, `ACCEPTED` and `REFUSED`; resolves when it is ready. */
export async function linePeer(
  running: RunningProcess,
  peer: Pick<Peer, "name" | "judgesLater" | "mayFail"> & {
    readonly capabilities: Omit<Peer["capabilities"], "suites">;
  },
): Promise<Peer> {
  await running.waitFor(/^READY$/m);
  const banner = running.output();
  const suites = new Set(
    [...banner.matchAll(/^SUITE (\S+)$/gm)].map(([, name = ""]) => codeOf(name)),
  );
  const ports = new Map(
    [...banner.matchAll(/^PORT (\S+) (\d+)$/gm)].map(([, name = "", port]) => [name, Number(port)]),
  );
  return {
    ...peer,
    tellsGroup: [],
    capabilities: {
      ...peer.capabilities,
      suites: (version) => knownSuites(version).filter((code) => suites.has(code)),
    },
    port: async (certificate, mode) => ports.get(`${certificate}-${mode}`) ?? 0,
    listen: (certificate, mode) => hearing(running.output, parse(`${certificate}-${mode}`)),
    stop: () => running.stop(),
  };
}
