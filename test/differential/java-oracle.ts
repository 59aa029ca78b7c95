import { fileURLToPath } from "node:url";
import type { Answer, Oracle } from "./answer.ts";
import { encodeCertificate } from "./certificate-spec.ts";
import type { EstateCase } from "./estate.ts";
import { startOracle } from "./oracle-process.ts";

const PROGRAM = fileURLToPath(new URL("jsse.java", import.meta.url));

/** How the trust manager is asked. */
export interface JavaOracleOptions {
  readonly name: string;
  /** Path of the `java` command. */
  readonly java: string;
  readonly manager?: "PKIX" | "SunX509";
  readonly endpoint?: "HTTPS" | "LDAPS";
  readonly protocol?: "TLSv1.3" | "TLSv1.2";
  /** Key exchange, as JSSE passes it in TLS 1.2. */
  readonly authType?: string;
  /** Further options of the JVM. */
  readonly options?: readonly string[];
}

/** The questions of the Java program, which its header describes. */
export async function javaOracle(options: JavaOracleOptions): Promise<Oracle> {
  const {
    manager = "PKIX",
    endpoint = "HTTPS",
    protocol = "TLSv1.3",
    authType = "UNKNOWN",
  } = options;
  const process = await startOracle(options.java, [
    "-Xss4m",
    "-XX:+UseSerialGC",
    "-XX:-OmitStackTraceInFastThrow",
    "-Duser.timezone=UTC",
    "--add-opens=java.base/java.security.cert=ALL-UNNAMED",
    ...(options.options ?? []),
    PROGRAM,
  ]);
  return {
    name: options.name,
    version: process.banner.replace("ready ", ""),
    ask: async (each) => {
      const question = [
        manager,
        each.host === null ? "" : endpoint,
        protocol,
        authType,
        each.host ?? "",
        String(each.at),
        each.anchors.map(base64).join(","),
        each.chain.map(base64).join(","),
      ].join("\t");
      return readAnswer(await process.ask(question), each);
    },
    close: process.close,
  };
}

const base64 = (spec: EstateCase["chain"][number]): string =>
  encodeCertificate(spec).toString("base64");

function readAnswer(line: string, each: EstateCase): Answer {
  const [word = "", ...exceptions] = line.split("\t");
  const lines = exceptions.map((text) =>
    text.replaceAll(/\\(.)/g, (_, character: string) =>
      character === "n" ? "\n" : character === "t" ? "\t" : character === "r" ? "\r" : character,
    ),
  );
  switch (word) {
    case "ok":
      return { verdict: "accepted", lines: [] };
    case "refused":
      return { verdict: "refused", lines };
    case "unparsable":
      return { verdict: "unreadable", lines };
    case "store":
      return { verdict: "skipped", lines };
    default:
      throw new Error(`Case ${each.seed}: Java answered ${line}`);
  }
}
