import { dateText } from "../../diagnosis/words.ts";
import type { LinkForecast } from "../../links/forecast/forecast.ts";
import { workId } from "../../links/forecast/work.ts";
import { escapeXml } from "../xml-text.ts";
import type { ForecastReport } from "./forecast-report.ts";
import { workSteps, workTitle } from "./work-words.ts";

/** JUnit's XML: a case for each link, which fails when it is broken or breaks until the end of the forecast. */
export function forecastJunit({ result, file }: ForecastReport): string {
  const works = new Map(result.works.map((work) => [work.id, work]));
  const textOf = (link: LinkForecast): string => {
    const [cause] = link.causes;
    const work = cause === undefined ? undefined : works.get(workId(cause));
    if (link.state === "broken")
      return element("failure", link.headline?.code ?? "broken", link.headline?.summary ?? "");
    if (link.state === "unknown") return element("error", "unknown", link.why ?? "");
    if (cause === undefined || work === undefined) return "";
    const message = `${workTitle(work)} before ${dateText(cause.at)}`;
    return element("failure", cause.kind, message, workSteps(work).join("\n"));
  };
  const texts = result.links.map(textOf);
  const failures = texts.filter((text) => text.includes("<failure")).length;
  const errors = texts.filter((text) => text.includes("<error")).length;
  const counts = `tests="${texts.length}" failures="${failures}" errors="${errors}" time="0.000"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="anchorwatch forecast ${escapeXml(file)}" ${counts} skipped="0">`,
    ...result.links.map((link, index) => testCase(link, texts[index] ?? "")),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function element(name: "failure" | "error", type: string, message: string, text = ""): string {
  const open = `      <${name} type="${escapeXml(type)}" message="${escapeXml(message)}"`;
  return text === "" ? `${open}/>` : `${open}>${escapeXml(text)}</${name}>`;
}

function testCase({ client, endpoint }: LinkForecast, content: string): string {
  const open = `    <testcase classname="${escapeXml(endpoint)}" name="${escapeXml(`as ${client}`)}" time="0.000"`;
  return content === "" ? `${open}/>` : `${open}>\n${content}\n    </testcase>`;
}
