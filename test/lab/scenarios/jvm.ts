import { fileURLToPath } from "node:url";
import t from "tap";
import { type OracleProcess, startOracle } from "../../differential/oracle-process.ts";
import { findTool } from "../../tools.ts";

const PROGRAM = fileURLToPath(new URL("jsse-client.java", import.meta.url));

/** One JVM that connects as JSSE does, and runs keytool without the cost of starting it. */
export interface Jvm {
  /** E.g. `17.0.13`. */
  readonly version: string;
  /** Runs keytool. @throws {Error} with its words when it fails */
  readonly keytool: (args: readonly string[]) => Promise<string>;
  /** Connects; null when it was accepted, else the exception and its causes, a line each. */
  readonly connect: (question: JsseQuestion) => Promise<string | null>;
}

/** How JSSE connects to 127.0.0.1. */
export interface JsseQuestion {
  readonly port: number;
  readonly host: string;
  readonly manager: "PKIX" | "SunX509";
  /** A PEM file is read into a keystore in memory; any other is what `javax.net.ssl.trustStore` names. */
  readonly store: string;
  readonly password: string | null;
  /** PKCS#12 with the client's own key, and its password. */
  readonly identity?: { readonly path: string; readonly password: string };
  /** @default both TLS 1.3 and 1.2 */
  readonly protocols?: readonly string[];
}

let started: Promise<Jvm> | undefined;

/** The JVM of this test file, started when it is asked for first. @throws {Error} when there is no java */
export function jvm(): Promise<Jvm> {
  started ??= start();
  return started;
}

async function start(): Promise<Jvm> {
  const java = findTool("java");
  if (java === undefined) throw new Error("java is not installed");
  const oracle = await startOracle(java, [
    "-XX:+UseSerialGC",
    "-Duser.language=en",
    "--add-exports=java.base/sun.security.tools.keytool=ALL-UNNAMED",
    "--add-opens=java.base/sun.security.tools.keytool=ALL-UNNAMED",
    PROGRAM,
  ]);
  t.teardown(() => oracle.close());
  return {
    version: oracle.banner.replace("ready ", ""),
    keytool: async (args) => {
      const answer = await ask(oracle, ["keytool", ...args]);
      if (answer.startsWith("failed\t")) throw new Error(`keytool: ${answer.slice(7)}`);
      return answer.slice("done\t".length);
    },
    connect: async ({ port, host, manager, store, password, identity, protocols = [] }) => {
      const answer = await ask(oracle, [
        "connect",
        String(port),
        host,
        manager,
        store,
        password ?? "",
        identity?.path ?? "",
        identity?.password ?? "",
        protocols.join(","),
      ]);
      return answer === "accepted" ? null : answer.slice("refused\t".length);
    },
  };
}

const encode = (text: string): string => Buffer.from(text).toString("base64");

async function ask(oracle: OracleProcess, words: readonly string[]): Promise<string> {
  return Buffer.from(await oracle.ask(words.map(encode).join("\t")), "base64").toString();
}
