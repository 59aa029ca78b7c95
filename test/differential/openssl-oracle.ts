import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer, Oracle } from "./answer.ts";
import { type CertificateSpec, encodeCertificate } from "./certificate-spec.ts";
import type { EstateCase } from "./estate.ts";

/** How `openssl verify` is asked. */
export interface OpenSslOracleOptions {
  readonly name: string;
  readonly openssl: string;
  readonly partialChain?: boolean;
  readonly level?: 1 | 2;
}

/** `openssl verify`, one process a case; the first error that it prints is the one at which other programs stop. */
export async function opensslOracle(options: OpenSslOracleOptions): Promise<Oracle> {
  const folder = mkdtempSync(join(tmpdir(), "differential-openssl-"));
  const file = (name: string): string => join(folder, name);
  return {
    name: options.name,
    version: await versionOf(options.openssl),
    ask: async (each) => {
      const [leaf, ...others] = each.chain;
      writeFileSync(file("leaf.pem"), pem(leaf === undefined ? [] : [leaf]));
      writeFileSync(file("others.pem"), pem(others));
      writeFileSync(file("anchors.pem"), pem(each.anchors));
      const output = await run(options.openssl, [
        "verify",
        "-no-CApath",
        "-no-CAstore",
        ...(each.anchors.length === 0 ? ["-no-CAfile"] : ["-CAfile", file("anchors.pem")]),
        ...(others.length === 0 ? [] : ["-untrusted", file("others.pem")]),
        "-purpose",
        "sslserver",
        "-auth_level",
        String(options.level ?? 2),
        ...(options.partialChain === true ? ["-partial_chain"] : []),
        ...hostOptions(each.host),
        "-attime",
        String(Math.floor(each.at / 1000)),
        file("leaf.pem"),
      ]);
      return readAnswer(output, each);
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

function hostOptions(host: string | null): readonly string[] {
  if (host === null) return [];
  return isIP(host) === 0 ? ["-verify_hostname", host] : ["-verify_ip", host];
}

async function versionOf(openssl: string): Promise<string> {
  return (await run(openssl, ["version"])).trim();
}

async function run(openssl: string, parameters: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(openssl, parameters, { encoding: "utf8" }, (_error, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    );
  });
}

function pem(specs: readonly CertificateSpec[]): string {
  return specs
    .map((spec) => {
      const lines =
        encodeCertificate(spec)
          .toString("base64")
          .match(/.{1,64}/g) ?? [];
      return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
    })
    .join("");
}

function readAnswer(output: string, each: EstateCase): Answer {
  const error = /^error (\d+) at (\d+) depth lookup: (.*)$/m.exec(output);
  if (error !== null)
    return {
      verdict: "refused",
      lines: [`verify error:num=${error[1]}:${error[3]} (depth ${error[2]})`],
    };
  if (/: OK$/m.test(output)) return { verdict: "accepted", lines: [] };
  if (/Unable to load|Could not|unable to load|Error loading/i.test(output))
    return { verdict: "unreadable", lines: [output] };
  throw new Error(`Case ${each.seed}: openssl answered ${output}`);
}
