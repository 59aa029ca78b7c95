import { open } from "node:fs/promises";
import { fail, ok, type Result } from "../x509/result.ts";
import { promptSecret } from "./prompt.ts";
import { decodeStash } from "./stash.ts";

/** Why a password cannot be had; closed list. */
export type PasswordErrorCode =
  | "spec-invalid"
  | "env-not-set"
  | "file-not-found"
  | "file-unreadable"
  | "file-too-large"
  | "file-several-lines"
  | "stash-malformed"
  | "no-terminal"
  | "cancelled";

/** A password that cannot be had. The message never holds what was given as a password. */
export interface PasswordError {
  readonly code: PasswordErrorCode;
  readonly message: string;
}

/** Where a password comes from. */
export type PasswordSpec =
  | { readonly kind: "env"; readonly name: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stash"; readonly path: string }
  | { readonly kind: "prompt" };

const MAX_FILE_BYTES = 64 * 1024;

/** Reads `env:NAME`, `file:PATH`, `stash:PATH` or `prompt`; anything else is refused, unseen, as a plain password. */
export function parsePasswordSpec(spec: string): Result<PasswordSpec, PasswordError> {
  if (spec === "prompt") return ok({ kind: "prompt" });
  const [, kind, rest] = /^(env|file|stash):(.+)$/s.exec(spec) ?? [];
  if (rest !== undefined && kind === "env" && /^\w+$/.test(rest)) return ok({ kind, name: rest });
  if (rest !== undefined && (kind === "file" || kind === "stash")) return ok({ kind, path: rest });
  return fail({
    code: "spec-invalid",
    message:
      "A password is not taken from the command line, where other users can read it; give env:NAME, file:PATH, stash:PATH or prompt",
  });
}

/** Gets the password that a SPEC names. An empty value is the empty password. */
export async function resolvePassword(spec: string): Promise<Result<string, PasswordError>> {
  const parsed = parsePasswordSpec(spec);
  if (!parsed.ok) return parsed;
  switch (parsed.value.kind) {
    case "env":
      return fromEnvironment(parsed.value.name);
    case "file":
      return fromFile(parsed.value.path);
    case "stash": {
      const { path } = parsed.value;
      const bytes = await readBytes(path);
      if (!bytes.ok) return bytes;
      const password = decodeStash(bytes.value);
      return password.ok
        ? password
        : fail({ code: password.error.code, message: `${path}: ${password.error.message}` });
    }
    case "prompt":
      return promptSecret("Password: ");
  }
}

function fromEnvironment(name: string): Result<string, PasswordError> {
  const value = process.env[name];
  return value === undefined
    ? fail({ code: "env-not-set", message: `The environment variable ${name} is not set` })
    : ok(value);
}

async function fromFile(path: string): Promise<Result<string, PasswordError>> {
  const bytes = await readBytes(path);
  if (!bytes.ok) return bytes;
  const text = new TextDecoder().decode(bytes.value).replace(/\r?\n$/, "");
  return /[\r\n]/.test(text)
    ? fail({
        code: "file-several-lines",
        message: `${path}: The password file has several lines; one line with the password was expected`,
      })
    : ok(text);
}

async function readBytes(path: string): Promise<Result<Uint8Array, PasswordError>> {
  try {
    await using file = await open(path, "r");
    const buffer = new Uint8Array(MAX_FILE_BYTES + 1);
    let size = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, size, buffer.length - size);
      if (bytesRead === 0) return ok(buffer.subarray(0, size));
      size += bytesRead;
      if (size > MAX_FILE_BYTES)
        return fail({
          code: "file-too-large",
          message: `${path}: The password file is larger than ${MAX_FILE_BYTES} bytes; it is not one`,
        });
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "UNKNOWN";
    return code === "ENOENT" || code === "ENOTDIR"
      ? fail({ code: "file-not-found", message: `${path}: Password file not found` })
      : fail({
          code: "file-unreadable",
          message: `${path}: Password file cannot be read (${code})`,
        });
  }
}
