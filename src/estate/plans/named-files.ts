import type { Mistake } from "../explain-issue.ts";
import { listed } from "../references.ts";
import { isInline } from "./plan-text.ts";

/** Keys whose texts are certificates, and may be written out instead of being files. */
const CERTIFICATES = ["serves", "add", "replace"] as const;

/** Keys that stand for files or variables of the machine whatever is written. */
const LOCAL = ["key", "keyPassword", "password"] as const;

/** Mistakes of a plan that comes from elsewhere, such as through the API: it must not reach for this machine's files. */
export function namedFiles(
  change: Readonly<Record<string, unknown>>,
  path: Mistake["path"],
): readonly Mistake[] {
  const mistake = (at: Mistake["path"], hint: string | null): Mistake => ({
    path: at,
    at: "value",
    message: "A plan that was sent here may not name files, variables or passwords",
    hint,
  });
  const { identity } = change;
  const security = change["java-security"];
  return [
    ...CERTIFICATES.flatMap((key) =>
      listed(change[key], [...path, key])
        .filter(({ text }) => !isInline(text))
        .map((each) => mistake(each.path, "Write the certificates into the plan as PEM")),
    ),
    ...LOCAL.filter((key) => Object.hasOwn(change, key)).map((key) =>
      mistake([...path, key], "Leave it out, or judge the plan by the command whatif"),
    ),
    ...(typeof security === "string" && !security.includes("\n")
      ? [mistake([...path, "java-security"], "Write the lines of java.security into the plan")]
      : []),
    ...(identity !== undefined && identity !== "none"
      ? [mistake([...path, "identity"], "Judge the plan by the command whatif")]
      : []),
  ];
}
