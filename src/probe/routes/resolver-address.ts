import { isIP } from "node:net";

/** Whether a text names a resolver as the runtime takes it: `ADDRESS`, `V4:PORT` or `[V6]:PORT`. */
export function isResolver(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const family = isIP(bracketed ?? plain ?? "");
  return port >= 1 && port <= 65_535 && family === (bracketed === undefined ? 4 : 6);
}
