import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Demo } from "../../src/cli/demo/demo.ts";

/** The parts of the demo's estate file that its tests look at. */
export interface Estate {
  readonly version: number;
  readonly truststores: Readonly<
    Record<
      string,
      { readonly path: string | readonly string[]; readonly password?: { readonly file: string } }
    >
  >;
  readonly clients: Readonly<
    Record<
      string,
      {
        readonly profile: string;
        readonly trust: readonly string[];
        readonly nameCheck: "https" | "none";
        readonly identity?: { readonly cert: string; readonly key: string };
      }
    >
  >;
  readonly endpoints: Readonly<
    Record<
      string,
      { readonly url: string; readonly connect: string; readonly expect?: { clientAuth: string } }
    >
  >;
  readonly links: readonly { readonly from: string; readonly to: readonly string[] }[];
  readonly schedule: { readonly every: string };
  readonly http: { readonly listen: string };
}

/** One truststore with its files and its password. */
export interface StoreFiles {
  readonly files: readonly string[];
  readonly password: string | undefined;
}

/** Reads the demo's estate file. */
export function readEstate(demo: Demo): Estate {
  const estate: Estate = parse(readFileSync(demo.estateFile, "utf8"));
  return estate;
}

/** A member of a section, or an error that says which is missing. */
export function member<Value>(section: Readonly<Record<string, Value>>, name: string): Value {
  const value = section[name];
  if (value === undefined) throw new Error(`The estate file has no ${name}`);
  return value;
}

/** Absolute paths and the password of a truststore. */
export function storeFiles(demo: Demo, estate: Estate, name: string): StoreFiles {
  const { path, password } = member(estate.truststores, name);
  return {
    files: [path].flat().map((file) => join(demo.directory, file)),
    password:
      password === undefined
        ? undefined
        : readFileSync(join(demo.directory, password.file), "utf8"),
  };
}
