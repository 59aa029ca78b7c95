import { isIP } from "node:net";
import { checkServerIdentity, connect } from "node:tls";
import { readFileSync } from "node:fs";
import type { ProfileName } from "../../../src/trust/profile-names.ts";
import { findTool } from "../../tools.ts";
import { runText } from "./run-text.ts";
import { connectWithGo } from "./go-client.ts";
import { jvm } from "./jvm.ts";
import type { Estate, StoreFile } from "./scenario.ts";

/** What a real client made of a server. */
export interface RealAnswer {
  readonly accepted: boolean;
  /** Its words; empty when it accepts. */
  readonly words: string;
}

/** A real client, and what it takes. */
interface RealClient {
  /** Null where this machine has it, else why it is not asked. */
  readonly missing: () => string | null;
  readonly ask: (estate: Estate, store: StoreFile) => Promise<RealAnswer>;
}

const hasJava = (): string | null =>
  findTool("java") === undefined ? "java is not installed" : null;

const jsse = (manager: "PKIX" | "SunX509"): RealClient => ({
  missing: hasJava,
  ask: async ({ port, host, identity }, store) => {
    const words = await (
      await jvm()
    ).connect({
      port,
      host,
      manager,
      store: store.path,
      password: store.password,
      ...(identity === undefined
        ? {}
        : {
            identity: {
              path: identity.keystore.path,
              password: identity.keystore.password ?? "",
            },
          }),
    });
    return { accepted: words === null, words: words ?? "" };
  },
});

const openssl = (...options: readonly string[]): RealClient => ({
  missing: () => (findTool("openssl") === undefined ? "openssl is not installed" : null),
  ask: async ({ port, host, identity }, store) => {
    const isAddress = /^[\d.]+$|:/.test(host);
    const output = await runText(findTool("openssl") ?? "openssl", [
      "s_client",
      "-connect",
      `127.0.0.1:${port}`,
      ...(isAddress
        ? ["-noservername", "-verify_ip", host]
        : ["-servername", host, "-verify_hostname", host]),
      "-no-CApath",
      "-no-CAstore",
      "-CAfile",
      store.path,
      "-auth_level",
      "2",
      "-verify_return_error",
      ...options,
      ...(identity === undefined ? [] : ["-cert", identity.certificate, "-key", identity.key]),
    ]);
    const error = /^verify error:num=(\d+):(.*)$/m.exec(output);
    const depth = error === null ? undefined : /^depth=(\d+)/m.exec(lastDepth(output, error.index));
    if (error !== null)
      return {
        accepted: false,
        words: `${error[0]}${depth?.[1] === undefined ? "" : ` (depth ${depth[1]})`}`,
      };
    // without a handshake, or without a certificate, it says that all is well
    const isCut = /^New, \(NONE\)|:SSL alert number \d+$/m.test(output);
    const accepted = !isCut && /^Verif(y return code|ication): (0 \(ok\)|OK)/m.test(output);
    return {
      accepted,
      words: accepted ? "" : (/^[^\n]*error:[^\n]*/m.exec(output)?.[0] ?? output),
    };
  },
});

/** The last `depth=` line in front of a position. */
function lastDepth(output: string, end: number): string {
  const before = output.slice(0, end);
  return before.slice(before.lastIndexOf("depth="));
}

const node: RealClient = {
  missing: () =>
    Number(process.versions.node.split(".")[0]) >= 24 ? null : "This Node.js is older than 24",
  ask: ({ port, host, identity }, store) =>
    new Promise((resolve) => {
      const socket = connect({
        host: "127.0.0.1",
        port,
        // an address is no server name: it is compared with the certificate only
        ...(isIP(host) === 0 ? { servername: host } : {}),
        checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
        ca: readFileSync(store.path, "utf8"),
        ...(identity === undefined
          ? {}
          : { cert: readFileSync(identity.certificate), key: readFileSync(identity.key) }),
      });
      const done = (answer: RealAnswer): void => {
        socket.destroy();
        resolve(answer);
      };
      socket.on("error", (error: NodeJS.ErrnoException) =>
        done({ accepted: false, words: `${error.code ?? ""}: ${error.message}` }),
      );
      socket.on("data", () => done({ accepted: true, words: "" }));
      socket.on("close", () => done({ accepted: socket.authorized, words: "closed" }));
    }),
};

const go: RealClient = {
  missing: () => (findTool("go") === undefined ? "go is not installed" : null),
  ask: async (estate, store) => {
    const words = await connectWithGo(estate, store);
    return { accepted: words === null, words: words ?? "" };
  },
};

/** Real clients by the profile that describes them. */
export const REAL_CLIENTS: Partial<Record<ProfileName, RealClient>> = {
  "openjdk-17": jsse("PKIX"),
  "openjdk-17-sunx509": jsse("SunX509"),
  "openssl-3": openssl(),
  "openssl-3-partial": openssl("-partial_chain"),
  "nodejs-24": node,
  go,
};
