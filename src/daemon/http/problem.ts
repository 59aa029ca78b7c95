/** Every kind of error that the API knows: its status and its title, which never change. */
export const PROBLEMS = {
  "invalid-request": [400, "Invalid request"],
  "host-missing": [400, "Host header missing"],
  "token-missing": [401, "Token or client certificate missing"],
  "token-refused": [401, "Token refused"],
  "role-missing": [403, "Role missing"],
  "origin-refused": [403, "Origin refused"],
  "target-refused": [403, "Target refused"],
  "not-found": [404, "Not found"],
  "method-not-allowed": [405, "Method not allowed"],
  "cursor-gone": [410, "Cursor gone"],
  "body-too-large": [413, "Body too large"],
  "media-type-refused": [415, "Media type refused"],
  "host-refused": [421, "Host refused"],
  "reload-refused": [422, "Reload refused"],
  "upgrade-required": [426, "Upgrade required"],
  "too-many-requests": [429, "Too many requests"],
  "internal-error": [500, "Internal error"],
  "not-ready": [503, "Not ready"],
  busy: [503, "Busy"],
  "history-unavailable": [503, "History unavailable"],
} as const satisfies Record<string, readonly [status: number, title: string]>;

/** The kind of an error. */
export type ProblemCode = keyof typeof PROBLEMS;

/** An error as the API tells it (RFC 9457). */
export interface Problem {
  /** `urn:anchorwatch:problem:CODE` */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** One sentence about this occurrence. */
  readonly detail: string;
}

/** Why a request is not answered. */
export interface Refusal {
  readonly code: ProblemCode;
  readonly detail: string;
}

/** Media type of a Problem. */
export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** Makes a refusal. */
export const refusal = (code: ProblemCode, detail: string): Refusal => ({ code, detail });

/** Status of a kind of error. */
export const statusOf = (code: ProblemCode): number => PROBLEMS[code][0];

/** What the one who asked is told. */
export function problem({ code, detail }: Refusal): Problem {
  const [status, title] = PROBLEMS[code];
  return { type: `urn:anchorwatch:problem:${code}`, title, status, detail };
}
