import * as z from "zod";
import { parseNetwork } from "../x509/networks.ts";
import type { SecretDocument } from "./document.ts";
import { DURATION_PATTERN, parseDuration, SHARE_PATTERN } from "./duration.ts";
import { parseHostPort } from "./host-port.ts";
import { quoted } from "./printable.ts";
import { LOCATOR_PATTERN } from "./systems/secret/locator.ts";

type Raw = { readonly input?: unknown };

/** How a part of the schema words its mistakes. */
export interface Expectation {
  readonly error: (issue: Raw) => string;
}

/** A value as an error message may show it: bounded, quoted, never a whole structure. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value !== "string") return `${JSON.stringify(value)}`;
  return quoted(value);
}

/** Words every mistake at a place as `Expected WHAT, found VALUE`. */
export function expecting(what: string): Expectation {
  return { error: ({ input }) => `Expected ${what}, found ${describe(input)}` };
}

/** Where a mapping belongs. */
export const MAPPING: Expectation = expecting("a mapping");

// Names become labels of metrics and rows of the page: no control or direction-changing characters.
const NAME_PATTERN = /^(?! )[^\p{C}\p{Zl}\p{Zp}]{1,128}(?<! )$/u;
const nameText = expecting("a name of 1 to 128 printable characters");

/** The name of something in the estate. */
export const Name: z.ZodType<string, string> = z.string(nameText).regex(NAME_PATTERN, nameText);

/** One name or a list of at least one. */
export function names(one: string): z.ZodType<string | string[]> {
  const list = z.array(Name).min(1, "Expected at least one name, found an empty list");
  return z.union([Name, list], expecting(`the name of ${one}, or a list of names`));
}

const labelName = expecting("a label of letters, digits and underscores");
const labelText = expecting("a text of at most 256 characters");
/** Labels of an endpoint by name. */
export const Labels: z.ZodType<Record<string, string>> = z.record(
  z.string(labelName).regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, labelName),
  z.string(labelText).max(256, labelText),
  MAPPING,
);

const pathText = expecting("a path");

/** A path. */
export const Path: z.ZodType<string> = z.string(pathText).min(1, pathText);

/** One path or a list of at least one. */
export const Paths: z.ZodType<string | string[]> = z.union(
  [Path, z.array(Path).min(1, "Expected at least one path, found an empty list")],
  expecting("a path, or a list of paths"),
);

/** A duration within bounds that are durations themselves. */
export function duration(least: string, most: string): z.ZodType<string> {
  const text = expecting(`a duration from ${least} to ${most}, such as 30s, 5m, 12h or 30d`);
  const [min, max] = [parseDuration(least) ?? 0, parseDuration(most) ?? 0];
  return z
    .string(text)
    .regex(DURATION_PATTERN, { ...text, abort: true })
    .refine((value) => {
      const milliseconds = parseDuration(value) ?? -1;
      return milliseconds >= min && milliseconds <= max;
    }, text);
}

const thresholdText = expecting("a duration such as 30d, or a share of the lifetime such as 33%");

/** A duration, or a share of a certificate's lifetime. */
export const ThresholdText: z.ZodType<string> = z
  .string(thresholdText)
  .regex(new RegExp(`${DURATION_PATTERN.source}|${SHARE_PATTERN.source}`), thresholdText);

/** Shares of an interval that jitter may have: 0% to 50%. */
const JITTER_PATTERN = /^(?:[0-9]|[1-4][0-9]|50)%$/;
const jitterText = expecting("a share from 0% to 50%, such as 5%");

/** A share of an interval by which it is moved at random. */
export const JitterText: z.ZodType<string> = z.string(jitterText).regex(JITTER_PATTERN, jitterText);

/** A whole number from 1. */
export function count(most: number): z.ZodType<number> {
  const text = expecting(`a whole number from 1 to ${most}`);
  return z.int(text).min(1, text).max(most, text);
}

/** One of a few words. */
export function choice<const T extends string>(values: readonly T[]): z.ZodType<T> {
  return z.enum(values, expecting(`one of ${values.join(", ")}`));
}

const networkText = expecting("an address, or a network such as 10.0.0.0/8 or fd00::/8");

/** An IP address or a network. */
export const Network: z.ZodType<string> = z
  .string(networkText)
  .max(50, networkText)
  .refine((text) => parseNetwork(text) !== null, networkText);

/** What to write instead of a password. */
export const SECRET_HINT = "Use { env: NAME }, { file: PATH } or { stash: PATH }";

// a password that was put here by mistake must not be shown
const Variable = z.string("Expected a name").regex(/^\w+$/, "Expected the name of a variable");

const Encoded = z
  .string("Expected an encoded password")
  .max(4096, "Expected an encoded password of at most 4096 characters")
  .regex(/^\{(?:xor|aes)\}[A-Za-z0-9+/=]*$/, "Expected a password encoded as {xor} or {aes}");

const Locator = z
  .string("Expected a place such as xml:server/keyStore[@id='x']/@password")
  .regex(LOCATOR_PATTERN, "Expected a place such as xml:server/keyStore[@id='x']/@password");

const KINDS = ["env", "file", "stash", "encoded", "config"] as const;

const secretText = {
  error: ({ input }: Raw): string =>
    typeof input === "object"
      ? "Expected exactly one of env, file, stash, encoded, and config with at"
      : "A password is never written into the estate",
};

const ENV_OR_FILES = {
  env: Variable.optional(),
  file: Path.optional(),
  stash: Path.optional(),
};

const one = (value: object, kinds: readonly string[]): boolean =>
  kinds.filter((kind) => Object.hasOwn(value, kind)).length === 1;

const EncryptionKey = z
  .strictObject({ ...ENV_OR_FILES, config: Path.optional(), at: Locator.optional() }, secretText)
  .refine(
    (value) => one(value, KINDS) && (value.config === undefined) === (value.at === undefined),
    secretText,
  )
  .meta({ description: "Where the key of {aes} is kept, when it is not the default one" });

/** Where a password is kept. Its mistakes never show what was written. */
export const Secret: z.ZodType<SecretDocument> = z
  .strictObject(
    {
      ...ENV_OR_FILES,
      encoded: Encoded.meta({ description: "{xor} or {aes}, as Liberty writes it" }).optional(),
      config: Path.meta({ description: "A system's own configuration file" }).optional(),
      at: Locator.meta({ description: "Where in the configuration file" }).optional(),
      key: EncryptionKey.optional(),
    },
    secretText,
  )
  .refine(
    (value) =>
      one(value, KINDS) &&
      (value.config === undefined) === (value.at === undefined) &&
      (value.key === undefined || value.config !== undefined || value.encoded !== undefined),
    secretText,
  )
  .meta({ description: "Where a password is kept; never the password itself" });

const addressText = expecting("host or host:port");

/** A host with or without a port. */
export const Address: z.ZodType<string> = z
  .string(addressText)
  .refine((text) => parseHostPort(text) !== null, addressText);

const listenText = expecting("host:port such as 127.0.0.1:9643");

/** A host with a port. */
export const Listen: z.ZodType<string> = z
  .string(listenText)
  .refine((text) => typeof parseHostPort(text)?.port === "number", listenText);
