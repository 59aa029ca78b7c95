import * as z from "zod";
import { FINDING_CODES } from "../../../diagnosis/finding-codes.ts";
import { fitsPattern } from "../../alerts/select-links.ts";
import type { LinkState } from "../../link-state.ts";

const pattern = (what: string) =>
  z.array(z.string().min(1).max(256)).describe(`${what}; may hold *, and be repeated`).optional();

/** Parameters that choose links; several values of one are alternatives, but every label must fit. */
export const LINK_FILTERS = {
  client: pattern("Name of a client"),
  endpoint: pattern("Name of an endpoint"),
  state: z.array(z.enum(["ok", "warning", "broken", "pending"])).optional(),
  severity: z
    .array(z.enum(["critical", "warning", "info"]))
    .describe("Links with a finding of this severity")
    .optional(),
  code: z
    .array(
      z
        .string()
        .max(101)
        .refine(
          (text) => FINDING_CODES.some((code) => fitsPattern(text, code)),
          "No finding has this code",
        ),
    )
    .describe("Links with a finding of this code, such as chain.incomplete or chain.*")
    .optional(),
  label: z
    .array(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}=[^]{0,256}$/, "Expected NAME=VALUE"))
    .describe("NAME=VALUE of a label of the endpoint; all that are given must fit")
    .optional(),
} as const;

/** What a request chose. */
export type LinkFilter = z.infer<z.ZodObject<typeof LINK_FILTERS>>;

/** Whether a name fits one of the patterns; every name does where there are none. */
export const matches = (patterns: readonly string[] | undefined, name: string): boolean =>
  any(patterns, (pattern) => fitsPattern(pattern, name));

/** Whether labels have every `NAME=VALUE`. */
export const hasLabels = (
  labels: Readonly<Record<string, string>>,
  wanted: readonly string[],
): boolean =>
  wanted.every((text) => {
    const equals = text.indexOf("=");
    const name = text.slice(0, equals);
    return Object.hasOwn(labels, name) && labels[name] === text.slice(equals + 1);
  });

const any = <T>(wanted: readonly T[] | undefined, fits: (each: T) => boolean): boolean =>
  wanted === undefined || wanted.some(fits);

/** Whether a link is one of those that a request chose. */
export function isChosen(link: LinkState, filter: LinkFilter): boolean {
  const { state, severity, code } = filter;
  const isAboutFindings = severity !== undefined || code !== undefined;
  return (
    matches(filter.client, link.client) &&
    matches(filter.endpoint, link.endpoint) &&
    any(state, (text) => text === link.state) &&
    (!isAboutFindings || link.findings.some((finding) => isChosenFinding(finding, filter))) &&
    hasLabels(link.labels, filter.label ?? [])
  );
}

/** Whether a finding has a code and a severity that a request chose. */
export function isChosenFinding(
  finding: Pick<LinkState["findings"][number], "code" | "severity">,
  { severity, code }: Pick<LinkFilter, "severity" | "code">,
): boolean {
  return any(severity, (text) => text === finding.severity) && matches(code, finding.code);
}
