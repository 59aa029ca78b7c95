/** What is asked of a server once its handshake is on record. */
export interface RequestPlan {
  readonly method: "HEAD" | "GET";
  /** Begins with a slash. */
  readonly path: string;
  /** Statuses that are right; empty: all below 500. */
  readonly expectStatus: readonly number[];
  readonly headers: Readonly<Record<string, string>>;
}

/** What came of a request, or of an upgrade to a WebSocket. Texts of the server are bounded and printable. */
export interface RequestRecord {
  readonly method: "HEAD" | "GET" | "upgrade";
  readonly path: string;
  /** Null when no answer came. */
  readonly status: number | null;
  /** The server's words behind the status; null without. */
  readonly reason: string | null;
  /** The header Location; null without. */
  readonly location: string | null;
  /** The header Strict-Transport-Security (RFC 6797); null without. */
  readonly strictTransportSecurity: string | null;
  /** The header Server; null without. */
  readonly server: string | null;
  /** The header Date as RFC 3339 in UTC; null without one that can be read. */
  readonly date: string | null;
  readonly expectStatus: readonly number[];
  /** Why there is no answer, in one sentence; null when there is one. */
  readonly failure: string | null;
  /** Milliseconds from the wish for a connection to the end of the answer's head. */
  readonly timeMs: number;
}

/** Whether an answer is none of those that are right. */
export function isUnexpected({
  method,
  status,
  expectStatus,
}: Pick<RequestRecord, "method" | "status" | "expectStatus">): boolean {
  if (status === null) return true;
  if (expectStatus.length > 0) return !expectStatus.includes(status);
  return method === "upgrade" ? status !== 101 : status >= 500;
}
