import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import type { Test } from "tap";
import { readPemBlocks } from "../../src/x509/pem.ts";
import { requireTool } from "../tools.ts";

/** Password of every store that tests make. */
export const PASSWORD = "changeit";

let directory: string | undefined;

/** A path in the temporary directory of this test process; everything there is removed when the process ends. */
export function scratch(name: string): string {
  if (directory === undefined) {
    const made = mkdtempSync(join(tmpdir(), "truststore-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    directory = made;
  }
  return join(directory, name);
}

/** Runs a program to its end and gives its standard output. */
export function run(command: string, args: readonly string[], input = ""): string {
  return execFileSync(command, args, {
    input,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
    maxBuffer: 2 ** 26,
  });
}

/** DER of the blocks of a PEM text. */
export function derBlocks(pem: string): readonly Uint8Array[] {
  const blocks = readPemBlocks(pem);
  if (!blocks.ok) throw new Error(blocks.error.message);
  return blocks.value.map(({ der }) => der);
}

/** DER of public roots that the runtime brings: real certificates, on every machine. */
export const publicRoots: readonly Uint8Array[] = rootCertificates
  .slice(0, 12)
  .flatMap((pem) => derBlocks(pem));

/** The certificate at an index of a list that has it. */
export function at<T>(list: readonly T[], index: number): T {
  const item = list.at(index);
  if (item === undefined) throw new Error(`No item ${index} in a list of ${list.length}`);
  return item;
}

/** A small PKI as files: PEM certificates and keys of a root, an intermediate and a server. */
export interface Pki {
  readonly root: string;
  readonly intermediate: string;
  readonly leaf: string;
  readonly leafKey: string;
  /** Leaf, intermediate, root in one file. */
  readonly chain: string;
  /** DER of leaf, intermediate, root. */
  readonly der: readonly [Uint8Array, Uint8Array, Uint8Array];
}

let pki: Pki | undefined;

/** Makes the PKI with openssl, once; skips the test where there is none. */
export function requirePki(t: Test): { readonly openssl: string; readonly pki: Pki } | undefined {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return undefined;
  pki ??= makePki(openssl);
  return { openssl, pki };
}

function makePki(openssl: string): Pki {
  const key = (name: string): string => {
    const path = scratch(`${name}.key`);
    run(openssl, [
      "genpkey",
      "-algorithm",
      "EC",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-out",
      path,
    ]);
    return path;
  };
  const keys = { root: key("root"), intermediate: key("intermediate"), leaf: key("leaf") };
  const root = scratch("root.pem");
  run(openssl, [
    "req",
    "-x509",
    "-new",
    "-key",
    keys.root,
    "-subj",
    "/O=Test/CN=Test Root",
    "-days",
    "3650",
    "-addext",
    "keyUsage=critical,keyCertSign,cRLSign",
    "-out",
    root,
  ]);
  const intermediate = scratch("intermediate.pem");
  const leaf = scratch("leaf.pem");
  const issue = (
    subject: string,
    subjectKey: string,
    ca: readonly [string, string],
    out: string,
  ): void => {
    const request = run(openssl, ["req", "-new", "-key", subjectKey, "-subj", subject]);
    const constraint = out === leaf ? "CA:FALSE" : "CA:TRUE";
    const extensions = `${out}.ext`;
    writeFileSync(extensions, `basicConstraints=critical,${constraint}\n`);
    run(
      openssl,
      [
        "x509",
        "-req",
        "-CA",
        ca[0],
        "-CAkey",
        ca[1],
        "-CAcreateserial",
        "-days",
        "3650",
        "-extfile",
        extensions,
        "-out",
        out,
      ],
      request,
    );
  };
  issue("/O=Test/CN=Test Intermediate", keys.intermediate, [root, keys.root], intermediate);
  issue("/CN=server.example.com", keys.leaf, [intermediate, keys.intermediate], leaf);
  const pem = [leaf, intermediate, root].map((path) => readFileSync(path, "utf8"));
  const chain = scratch("chain.pem");
  writeFileSync(chain, pem.join(""));
  const [leafDer, intermediateDer, rootDer] = derBlocks(pem.join(""));
  if (leafDer === undefined || intermediateDer === undefined || rootDer === undefined)
    throw new Error("openssl made no certificates");
  return {
    root,
    intermediate,
    leaf,
    chain,
    leafKey: keys.leaf,
    der: [leafDer, intermediateDer, rootDer],
  };
}
