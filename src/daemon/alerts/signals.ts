import type { Finding } from "../../diagnosis/finding.ts";
import type { AlertRule } from "../../estate/alerts/alerts.ts";
import { type Threshold, thresholdMilliseconds } from "../../estate/duration.ts";
import type { HealthProblem } from "../health.ts";
import { linkKey, type LinkState } from "../link-state.ts";
import type { AlertCode, AlertLink } from "./alert.ts";
import { causeOf } from "./cause.ts";
import { fitsPattern, isSelected } from "./select-links.ts";

/** One sign of a cause: what one link, or the watcher, contributes to an alert. */
export interface Signal {
  /** Names rule and cause: signals with equal keys are one alert. */
  readonly key: string;
  /** Names where it comes from; the same link has one signal for each key. */
  readonly source: string;
  readonly rule: AlertRule;
  readonly code: AlertCode;
  readonly summary: string;
  readonly remedy: readonly string[];
  /** Null for the watcher itself. */
  readonly link: AlertLink | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly breaksAt: number | null;
}

/** What a link contributes to alerts. @param at milliseconds since 1970 */
export function linkSignals(
  link: LinkState,
  rules: readonly AlertRule[],
  at: number,
): readonly Signal[] {
  const concerned = rules.filter((rule) => isSelected(rule.links, link));
  const nearest = nearestRules(link, concerned, at);
  const signals: Signal[] = [];
  for (const rule of concerned)
    switch (rule.condition.kind) {
      case "broken":
        if (link.state === "broken") signals.push(brokenSignal(link, rule));
        break;
      case "breaks":
        if (nearest.includes(rule)) signals.push(breakSignal(link, rule));
        break;
      case "finding": {
        const { codes, severities } = rule.condition;
        for (const finding of link.findings)
          if (
            severities.includes(finding.severity) &&
            codes.some((pattern) => fitsPattern(pattern, finding.code))
          )
            signals.push(findingSignal(finding, link, rule));
        break;
      }
      case "watcher":
      case "blind":
        break;
    }
  return signals;
}

/** What problems of the watcher itself contribute to alerts. */
export function watcherSignals(
  problems: readonly HealthProblem[],
  rules: readonly AlertRule[],
): readonly Signal[] {
  const ofBlindness = rules.some(({ condition }) => condition.kind === "blind");
  return rules.flatMap((rule) =>
    problems
      .filter(({ code }) => {
        // blindness is told once, by the rules made for it where there are any
        const kind = code === "network-blind" && ofBlindness ? "blind" : "watcher";
        return rule.condition.kind === kind;
      })
      .map(({ code, subject, message }) => ({
        key: JSON.stringify([rule.name, code, subject]),
        source: JSON.stringify([code, subject]),
        rule,
        code,
        summary: message,
        remedy: [],
        link: null,
        labels: {},
        breaksAt: null,
      })),
  );
}

/** Whether any rule tells that the watcher reaches nothing: then links need not say so one by one. */
export function tellsBlindness(rules: readonly AlertRule[]): boolean {
  return rules.some(({ condition: { kind } }) => kind === "blind" || kind === "watcher");
}

/** Of several rules about the same break the ones that wait for the shortest time: nobody is told twice. */
function nearestRules(
  { ok, breaksAt, chain }: LinkState,
  rules: readonly AlertRule[],
  at: number,
): readonly AlertRule[] {
  if (ok !== true || breaksAt === null) return [];
  const [leaf] = chain;
  const lifetime =
    leaf === undefined || leaf.notAfter === null || leaf.notBefore === null
      ? 0
      : leaf.notAfter - leaf.notBefore;
  const time = (within: Threshold): number => thresholdMilliseconds(within, lifetime);
  const reached = rules.flatMap((rule) => {
    if (rule.condition.kind !== "breaks") return [];
    const within = time(rule.condition.within);
    return breaksAt - at <= within ? [{ rule, within }] : [];
  });
  const least = Math.min(...reached.map(({ within }) => within));
  return reached.filter(({ within }) => within === least).map(({ rule }) => rule);
}

function brokenSignal(link: LinkState, rule: AlertRule): Signal {
  const headline = link.findings.find(({ severity }) => severity === "critical");
  if (headline !== undefined) return findingSignal(headline, link, rule);
  return {
    ...partsOf(link, rule, JSON.stringify(["link.broken", link.endpoint])),
    code: "link.broken",
    summary: `The link to ${link.endpoint} does not work`,
    remedy: [],
  };
}

/** Links that break at the same moment break with the same certificate. */
function breakSignal(link: LinkState, rule: AlertRule): Signal {
  const about = link.findings.find(({ code }) => code.endsWith("expiring"));
  const cause =
    about === undefined || about.evidence.certificates.length === 0
      ? JSON.stringify(["link.breaks", link.breaksAt])
      : JSON.stringify(["link.breaks", ...about.evidence.certificates]);
  return {
    ...partsOf(link, rule, cause),
    code: "link.breaks",
    summary: about?.summary ?? `The link to ${link.endpoint} will break`,
    remedy: about?.remedy ?? [],
  };
}

function findingSignal(finding: Finding, link: LinkState, rule: AlertRule): Signal {
  const { code, summary, remedy } = finding;
  return { ...partsOf(link, rule, causeOf(finding, link)), code, summary, remedy };
}

function partsOf(
  { client, endpoint, labels, breaksAt }: LinkState,
  rule: AlertRule,
  cause: string,
): Omit<Signal, "code" | "summary" | "remedy"> {
  return {
    key: JSON.stringify([rule.name, cause]),
    source: linkKey(client, endpoint),
    rule,
    link: { client, endpoint },
    labels,
    breaksAt,
  };
}
