import { openRoute } from "../routes/open-route.ts";
import { DIRECT } from "../routes/route.ts";
import { Leash } from "../leash.ts";
import type { HandshakeFailure } from "../handshake.ts";
import type { ProbeOptions } from "../probe.ts";
import { Ssl2Client, type Ssl2Outcome } from "../tls/ssl-2-client.ts";
import type { Pace } from "./pace.ts";
import type { VersionSurvey } from "./survey-record.ts";

/** Where an SSL 2.0 hello is sent. */
export interface Ssl2Target extends Pick<ProbeOptions, "route" | "signal" | "timeoutMs"> {
  readonly address: string;
  readonly port: number;
  readonly pace: Pace;
}

interface Unreached {
  readonly kind: "unreached";
  readonly failure: HandshakeFailure;
}

const DEFAULT_TIMEOUT = 10_000;

/** Says hello as SSL 2.0 did, and hears whether the server answers in kind. */
export async function surveySsl2(target: Ssl2Target): Promise<VersionSurvey> {
  const { timeoutMs = DEFAULT_TIMEOUT, signal, pace } = target;
  const outcome = await pace.run(async () => {
    const leash = new Leash({ timeoutMs, signal });
    try {
      return await converse(target, leash);
    } finally {
      leash.release();
    }
  });
  const base = { version: "SSLv2", preference: null } as const;
  switch (outcome.kind) {
    case "unreached":
      return { ...base, state: "unclear", failure: outcome.failure, cipherSuites: [] };
    case "server-hello":
      return {
        ...base,
        state: "offered",
        failure: null,
        cipherSuites: outcome.hello.cipherKinds.map(({ code, name }) => ({
          code,
          name,
          keyExchange: null,
        })),
      };
    case "error":
      return { ...base, ...refused(`Server answered with the SSL 2.0 error ${outcome.name}`) };
    case "alert":
      return { ...base, ...refused(`Server answered with alert ${outcome.alert.description}`) };
    case "malformed":
      return { ...base, ...refused(outcome.message) };
    case "other":
      return { ...base, ...refused(`Server does not speak SSL 2.0 (${outcome.end})`) };
  }
}

function refused(message: string): Omit<VersionSurvey, "version" | "preference"> {
  const failure: HandshakeFailure = { code: "version-unsupported", message };
  return { state: "refused", failure, cipherSuites: [] };
}

/** One SSL 2.0 conversation over its own connection, closed when the promise settles. */
async function converse(
  { address, port, route = DIRECT }: Ssl2Target,
  leash: Leash,
): Promise<Ssl2Outcome | Unreached> {
  const ignore = (): void => undefined;
  const opened = await openRoute(
    route,
    { host: address, port },
    { leash, progress: { connected: ignore, tunnelled: ignore, replied: ignore } },
  );
  if (!opened.ok) return { kind: "unreached", failure: opened.error };
  const { socket, early } = opened.value;
  const client = new Ssl2Client();
  try {
    return await new Promise((resolve) => {
      const end = (how: "closed" | "reset" | "silent"): void => resolve(client.hangUp(how));
      const hear = (chunk: Uint8Array): void => {
        const outcome = client.receive(chunk);
        if (outcome !== null) resolve(outcome);
      };
      socket
        .on("data", hear)
        .on("end", () => end("closed"))
        .on("error", () => end("reset"))
        .on("close", () => end("closed"));
      leash.hold(() => end("silent"));
      socket.write(client.start());
      if (early !== null) hear(early);
      socket.resume();
    });
  } finally {
    socket.destroy();
  }
}
