import { spawn } from "node:child_process";

/** What `openssl s_client` printed on both streams. */
export interface ClientOutcome {
  readonly output: string;
  readonly code: number | null;
  /** True when the server ended the connection, not the client. */
  readonly cut: boolean;
}

/** How long a connection that was accepted is watched for a late refusal. */
const GRACE = 500;

/**
 * Runs `openssl s_client` and sends `request`. The client ends the connection after the answer or, when it
 * asks for nothing, a moment after the session tickets of an accepted handshake.
 */
export function openSslClient(
  openssl: string,
  args: readonly string[],
  request: string,
): Promise<ClientOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(openssl, ["s_client", "-no-CApath", "-no-CAstore", ...args], {
      stdio: "pipe",
      env: { ...process.env, LC_ALL: "C" },
    });
    let output = "";
    let cut = true;
    let grace: NodeJS.Timeout | undefined;
    const end = (): void => {
      cut = false;
      child.stdin.end();
    };
    const collect = (chunk: Buffer): void => {
      output += chunk.toString("latin1");
      if (output.includes("A server of the Anchorwatch demo")) end();
      else if (request === "" && output.includes("New Session Ticket arrived"))
        grace ??= setTimeout(end, GRACE);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.stdin.on("error", () => child.stdin.destroy());
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(grace);
      resolve({ output, code, cut });
    });
    child.stdin.write(request);
  });
}

/** The certificates that `-showcerts` printed, in the order sent. */
export function sentCertificates(output: string): readonly string[] {
  return (
    output
      .split("---\nServer certificate")[0]
      ?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  );
}
