import type * as z from "zod";
import type { Forecast, LinkForecast } from "../../links/forecast/forecast.ts";
import { type Work, workId } from "../../links/forecast/work.ts";
import { timeText } from "../time-text.ts";
import type { ForecastReport } from "./forecast-report.ts";
import type {
  FORECAST_DOCUMENT_SCHEMA,
  FORECAST_LINE_SCHEMA,
  FORECAST_SCHEMA,
  FORECAST_WORK_SCHEMA,
} from "./forecast-schema.ts";
import { workSteps, workTitle } from "./work-words.ts";

type Line = z.infer<typeof FORECAST_LINE_SCHEMA>;

/** A forecast as the daemon answers it. */
export function forecastRecord({
  at,
  until,
  links,
  works,
}: Forecast): z.infer<typeof FORECAST_SCHEMA> {
  const count = (state: LinkForecast["state"]): number =>
    links.filter((link) => link.state === state).length;
  const ending = works.reduce((sum, work) => sum + work.links.length, 0);
  return {
    at: timeText(at),
    until: timeText(until),
    summary: {
      links: links.length,
      ending,
      lasting: count("works") - ending,
      broken: count("broken"),
      unknown: count("unknown"),
      works: works.length,
    },
    works: works.map(workRecord),
  };
}

/** The document of `forecast --format json`. */
export function forecastJson({
  result,
  file,
  source,
  code,
}: ForecastReport): z.infer<typeof FORECAST_DOCUMENT_SCHEMA> {
  return {
    estate: file,
    source,
    exitCode: code,
    ...forecastRecord(result),
    links: result.links.map((link) => lineOf(link, result)),
  };
}

/** The lines of `forecast --format ndjson`: one for each link, in the order of the estate. */
export function forecastLines({ result }: ForecastReport): string {
  return result.links.map((link) => `${JSON.stringify(lineOf(link, result))}\n`).join("");
}

function workRecord(work: Work): z.infer<typeof FORECAST_WORK_SCHEMA> {
  const { sha256, subject, issuer, serialNumber, notBefore, notAfter } = work.certificate;
  return {
    id: work.id,
    kind: work.kind,
    title: workTitle(work),
    deadline: timeText(work.deadline),
    severity: work.severity,
    certificate: {
      sha256,
      subject: subject.text,
      issuer: issuer.text,
      serial: serialNumber,
      notBefore: timeText(notBefore),
      notAfter: timeText(notAfter),
    },
    endpoints: [...work.endpoints],
    truststores: work.stores.map(({ truststore, path, alias }) => ({
      name: truststore,
      path,
      alias,
    })),
    clients: [...work.clients],
    labels: { ...work.labels },
    links: work.links.map(({ at, ...link }) => ({ ...link, at: timeText(at) })),
    later: work.later.map(({ at, before, ...link }) => ({
      ...link,
      at: timeText(at),
      before: { at: timeText(before.at), work: before.work },
    })),
    remedy: [...workSteps(work)],
  };
}

function lineOf(link: LinkForecast, { until }: Forecast): Line {
  const { client, endpoint, state, breaksAt, causes, headline, why } = link;
  return {
    client,
    endpoint,
    state,
    breaksAt: breaksAt === null ? null : timeText(breaksAt),
    causes: causes.map((cause) => ({
      kind: cause.kind,
      at: timeText(cause.at),
      sha256: cause.certificate.sha256,
      subject: cause.certificate.subject.text,
      work: cause.at <= until ? workId(cause) : null,
    })),
    headline: headline === null ? null : { code: headline.code, summary: headline.summary },
    why,
  };
}
