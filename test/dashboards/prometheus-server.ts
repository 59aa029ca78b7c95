import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import { stringify } from "yaml";
import { eventually } from "../daemon/fixture.ts";
import { freePort, startProcess } from "../lab/process.ts";

/** One series of an answer, with its last value. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A Prometheus that runs. */
export interface PrometheusServer {
  /** The answer to a query now. Rejects with the server's own words where it cannot be answered. */
  query(expr: string): Promise<readonly Series[]>;
  /** The series that a query has within the last ten seconds. */
  queryRange(expr: string): Promise<readonly Series[]>;
  /** Whatever else the API answers to a path below `/api/v1/`. */
  get(path: string): Promise<unknown>;
}

interface Answer {
  readonly status: "success" | "error";
  readonly error?: string;
  readonly data: unknown;
}

interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/** Starts Prometheus with a configuration, and ends it with the test. */
export async function startPrometheus(
  t: Test,
  program: string,
  configuration: object,
): Promise<PrometheusServer> {
  const folder = t.testdir();
  writeFileSync(join(folder, "prometheus.yml"), stringify(configuration));
  const port = await freePort();
  const server = startProcess(program, [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  t.teardown(() => server.stop());
  await server.waitFor(/Server is ready to receive web requests/);
  const base = `http://127.0.0.1:${port}/api/v1/`;

  const ask = async (path: string, form?: Record<string, string>): Promise<unknown> => {
    const response = await fetch(
      base + path,
      form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) },
    );
    const { status, error, data } = (await response.json()) as Answer;
    if (status === "error") throw new Error(`${error}: ${JSON.stringify(form ?? path)}`);
    return data;
  };
  const series = async (path: string, form: Record<string, string>): Promise<readonly Series[]> => {
    const { result } = (await ask(path, form)) as { readonly result: readonly Result[] };
    return result.map(({ metric, value, values }) => ({
      metric,
      value: Number((value ?? values?.at(-1))?.[1]),
    }));
  };
  return {
    query: (expr) => series("query", { query: expr }),
    queryRange: (expr) => {
      const end = Date.now() / 1000;
      return series("query_range", {
        query: expr,
        start: String(end - 10),
        end: String(end),
        step: "1",
      });
    },
    get: (path) => ask(path),
  };
}

/** Waits until a query has an answer. */
export const answered = (server: PrometheusServer, expr: string): Promise<readonly Series[]> =>
  eventually(async () => {
    const found = await server.query(expr);
    return found.length > 0 ? found : undefined;
  });
