import { hash } from "node:crypto";
import { makeToken, MAX_TOKEN, MIN_TOKEN } from "../daemon/http/access/token.ts";
import { write } from "./output.ts";
import type { TokenOptions } from "./token.ts";
import { UsageError } from "./usage-error.ts";

/** Makes a token, or takes one from standard input, and prints the entry of the estate. @throws {UsageError} */
export async function runToken(options: TokenOptions): Promise<void> {
  const { name, role, expires, stdin = false, format } = options;
  const given = stdin ? await readToken(process.stdin) : null;
  const { token, sha256 } =
    given === null ? makeToken() : { token: null, sha256: hash("sha256", given, "hex") };
  const entry = {
    name,
    role,
    sha256,
    ...(expires === undefined ? {} : { expires: new Date(expires).toISOString() }),
  };
  if (format === "json") {
    await write(
      process.stdout,
      `${JSON.stringify({ ...(token === null ? {} : { token }), entry })}\n`,
    );
    return;
  }
  const fields = Object.entries(entry).map(([key, value]) => `${key}: ${value}`);
  const shown = token === null ? [] : ["Token, shown this once:", token, ""];
  const lines = [...shown, "Entry for http.tokens of the estate:", `- { ${fields.join(", ")} }`];
  await write(process.stdout, `${lines.join("\n")}\n`);
}

async function readToken(input: AsyncIterable<Uint8Array | string>): Promise<string> {
  let text = "";
  for await (const part of input) {
    text += part.toString();
    if (text.length > 2 * MAX_TOKEN) break;
  }
  const token = text.replace(/\r?\n$/, "");
  if (token.length < MIN_TOKEN || token.length > MAX_TOKEN || !/^[!-~]+$/.test(token))
    throw new UsageError(
      `Expected one token of ${MIN_TOKEN} to ${MAX_TOKEN} printable characters without spaces on standard input`,
    );
  return token;
}
