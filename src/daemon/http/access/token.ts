import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { EstateToken } from "../../../estate/http/http.ts";

/** Longest text that is looked at; the tokens that this program makes have 46 characters. */
export const MAX_TOKEN = 512;

/** Shortest token that somebody may bring along: 128 bits take at least 22 characters. */
export const MIN_TOKEN = 22;

/** A fresh token with 256 bits of randomness, and the hash that the estate keeps. */
export function makeToken(): { readonly token: string; readonly sha256: string } {
  const token = `aw_${randomBytes(32).toString("base64url")}`;
  return { token, sha256: hash("sha256", token, "hex") };
}

/**
 * The entry that a token belongs to; null where it belongs to none, or is too old. The time that this takes tells
 * nothing about the hashes.
 * @param now milliseconds since 1970
 */
export function findToken(
  tokens: readonly EstateToken[],
  text: string,
  now: number,
): EstateToken | null {
  if (text.length > MAX_TOKEN) return null;
  const given = hash("sha256", text, "buffer");
  let found: EstateToken | null = null;
  for (const token of tokens)
    if (timingSafeEqual(Buffer.from(token.sha256, "hex"), given)) found = token;
  return found !== null && (found.expires === null || now < found.expires) ? found : null;
}

/**
 * The token of an Authorization header: as a bearer token (RFC 6750), or as the password of basic authentication
 * (RFC 7617), which is what browsers ask people for. Null where it has none.
 */
export function tokenOf(authorization: string): string | null {
  const [, scheme, text] = /^([A-Za-z]+) +(\S{1,2048})$/.exec(authorization) ?? [];
  if (text === undefined) return null;
  switch (scheme?.toLowerCase()) {
    case "bearer":
      return text;
    case "basic": {
      const pair = Buffer.from(text, "base64").toString();
      const colon = pair.indexOf(":");
      return colon < 0 ? null : pair.slice(colon + 1);
    }
    default:
      return null;
  }
}
