import type { RequestRecord } from "../../probe/follow-up/request-record.ts";
import { printable } from "../words.ts";

/** What was asked of the server, as part of a sentence. */
export function wishOf({ method, path }: RequestRecord): string {
  return method === "upgrade"
    ? `an upgrade of ${printable(path)} to a WebSocket`
    : `${method} ${printable(path)}`;
}
