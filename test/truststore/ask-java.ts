import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Test } from "tap";
import { requireTool } from "../tools.ts";
import { run, scratch } from "./material.ts";

/** A store to open in Java. */
export interface JavaQuestion {
  readonly path: string;
  readonly type: "JKS" | "JCEKS" | "PKCS12" | "BKS" | "BCFKS";
  readonly password: string | null;
}

/** What Java made of it. */
export type JavaAnswer =
  /** Entries of the keystore, and the fingerprints of its anchors in ascending order. */
  | { readonly opens: true; readonly size: number; readonly anchors: readonly string[] }
  /** Exceptions from outside in, joined by ` <- `. */
  | { readonly opens: false; readonly message: string };

const PROGRAM = fileURLToPath(new URL("accepted-issuers.java", import.meta.url));

let asked = 0;

/** Which Java is asked. */
export interface JavaPeer {
  /** @default the one on the PATH */
  readonly java?: string;
  /** Library of BouncyCastle, for its types. */
  readonly jar?: string;
}

/** Asks the real JSSE, all questions in one run; skips the test where there is no Java. */
export function askJava(
  t: Test,
  questions: readonly JavaQuestion[],
  peer: JavaPeer = {},
): readonly JavaAnswer[] | undefined {
  const java = peer.java ?? requireTool(t, "java");
  if (java === undefined) return undefined;
  const file = scratch(`questions-${++asked}.tsv`);
  const lines = questions.map(
    ({ path, type, password }) => `${path}\t${type}\t${password === null ? "-" : `=${password}`}\n`,
  );
  writeFileSync(file, lines.join(""));
  const output = run(java, [...(peer.jar === undefined ? [] : ["-cp", peer.jar]), PROGRAM, file]);
  return output
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [kind, first = "", second = ""] = line.split("\t");
      return kind === "anchors"
        ? { opens: true, size: Number(first), anchors: second === "" ? [] : second.split(",") }
        : { opens: false, message: first };
    });
}
