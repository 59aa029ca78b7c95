import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { survey } from "../../src/probe/survey/survey.ts";
import { nmap, sslscan, testssl } from "../survey/scanners.ts";
import {
  createLab,
  everything,
  intermediate,
  type Lab,
  type SurveyedServer,
} from "../survey/servers.ts";
import { findTool } from "../tools.ts";
import type { Cost, Row } from "./measure.ts";

const ROUNDS = 5;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) * 1_000;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Other programs do not tell their processor time: the clock alone is compared. */
const onTheWall = (wall: number): Cost => ({ cpu: Number.NaN, wall });

const askAll = async (port: number): Promise<void> => {
  const endpoint = { scheme: "tls", host: "127.0.0.1", port } as const;
  const { addresses } = await survey(endpoint, { perSecond: Infinity, inFlight: 8 });
  if (addresses[0]?.failure !== null) throw new Error("The survey failed");
};

const SERVERS: readonly {
  readonly title: string;
  readonly start: (lab: Lab) => Promise<SurveyedServer>;
  readonly slow: boolean;
}[] = [
  { title: "s_server with everything", start: everything, slow: false },
  { title: "nginx, two certificates", start: intermediate, slow: true },
];

/**
 * A whole survey at full speed against what other scanners do of it: versions, suites, groups. Empty where the
 * servers or sslscan are missing.
 */
export const surveyRows = async (): Promise<readonly Row[]> => {
  const programs = new Map(
    (["openssl", "nginx", "sslscan", "nmap", "testssl"] as const).map((tool) => [
      tool,
      findTool(tool),
    ]),
  );
  const program = (tool: string): string =>
    [...programs].find(([name]) => name === tool)?.[1] ?? "";
  if (["openssl", "nginx", "sslscan"].some((tool) => program(tool) === "")) return [];
  const directory = mkdtempSync(join(tmpdir(), "anchorwatch-bench-"));
  const rows: Row[] = [];
  try {
    const lab = await createLab(program("openssl"), directory, program);
    for (const { title, start, slow } of SERVERS) {
      const server = await start(lab);
      const { port } = server;
      const others = [
        { name: "sslscan", scan: () => sslscan(program("sslscan"), port), rounds: ROUNDS },
        { name: "nmap", scan: () => nmap(program("nmap"), port), rounds: 1 },
        ...(slow
          ? [
              {
                name: "testssl",
                scan: () => testssl(program("testssl"), program("openssl"), port),
                rounds: 1,
              },
            ]
          : []),
      ].filter(({ name }) => program(name) !== "");
      await askAll(port);
      const ours: number[] = [];
      const theirs = new Map<string, number[]>(others.map(({ name }) => [name, []]));
      for (let round = 0; round < ROUNDS; round++) {
        ours.push(await timed(() => askAll(port)));
        for (const { name, scan, rounds } of others)
          if (round < rounds) theirs.get(name)?.push(await timed(scan));
      }
      await server.stop();
      for (const [name, times] of theirs)
        rows.push({
          what: `survey of ${title}`,
          ours: onTheWall(median(ours)),
          theirs: onTheWall(median(times)),
          peer: name,
        });
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
  return rows;
};
