import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Oracle } from "./answer.ts";
import { encodeCertificate } from "./certificate-spec.ts";
import { startOracle } from "./oracle-process.ts";

const SOURCE = fileURLToPath(new URL("go", import.meta.url));

/** crypto/x509 of the Go that is installed, compiled once. */
export async function goOracle(go: string): Promise<Oracle> {
  const folder = mkdtempSync(join(tmpdir(), "differential-go-"));
  const program = join(folder, "verify");
  execFileSync(go, ["build", "-o", program, "."], {
    cwd: SOURCE,
    env: {
      ...process.env,
      GOFLAGS: "-mod=mod",
      GOPROXY: "off",
      GOCACHE: join(tmpdir(), "differential-go-cache"),
    },
  });
  const child = await startOracle(program, []);
  return {
    name: "go",
    version: child.banner.replace("ready ", ""),
    ask: async (each) => {
      const question = [
        each.host ?? "",
        String(each.at),
        each.anchors.map((spec) => encodeCertificate(spec).toString("base64")).join(","),
        each.chain.map((spec) => encodeCertificate(spec).toString("base64")).join(","),
      ].join("\t");
      const [word, text] = (await child.ask(question)).split("\t");
      const lines = text === undefined ? [] : [unquote(text)];
      if (word === "ok") return { verdict: "accepted", lines: [] };
      return { verdict: word === "unparsable" ? "unreadable" : "refused", lines };
    },
    close: async () => {
      await child.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A string literal of Go as its text. */
function unquote(literal: string): string {
  const plain = literal.replaceAll(/\\x([0-9a-f]{2})/g, (_, digits: string) => `\\u00${digits}`);
  return JSON.parse(plain.replaceAll(/\\a/g, "\\u0007").replaceAll(/\\v/g, "\\u000b")) as string;
}
