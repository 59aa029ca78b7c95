import { STATUS_CODES } from "node:http";

/** An error as the API tells it (RFC 9457). */
export interface Problem {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/** Media type of a Problem. */
export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** Builds a problem; the title is the status in words. */
export function problem(status: number, detail: string): Problem {
  return { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail };
}
