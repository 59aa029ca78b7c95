import type { IssuedCertificate } from "../../../src/cli/demo/certificate.ts";
import type { Prober } from "../../../src/daemon/prober.ts";
import type { Handshake } from "../../../src/probe/handshake.ts";
import type { FakeClock } from "../fake-clock.ts";
import { certificate, handshake, refused } from "../samples.ts";

/** How every server is. */
export type Condition = "up" | "dns" | "timeout" | "refused";

/** A network whose servers all do what the test says. */
export const simulatedNetwork = (
  clock: FakeClock,
): {
  readonly state: {
    condition: Condition;
    probes: number;
    readonly asked: Set<string>;
  };
  readonly prober: Prober;
  readonly root: IssuedCertificate;
} => {
  const root = certificate({ name: "Root", ca: true, days: 20_000 });
  const state: { condition: Condition; probes: number; readonly asked: Set<string> } = {
    condition: "up",
    probes: 0,
    asked: new Set(),
  };
  const prober: Prober = {
    findAddresses: async (host) =>
      state.condition === "dns"
        ? { ok: false, error: { code: "dns-failed", message: `No answer for ${host}` } }
        : { ok: true, value: [`192.0.2.${(Number(/\d+/.exec(host)?.[0] ?? 0) % 250) + 1}`] },
    probe: async (endpoint, options) => {
      state.probes++;
      state.asked.add(endpoint.host);
      const facts: Partial<Handshake> = {
        endpoint,
        serverName: endpoint.host,
        address: options?.address ?? null,
        certificates: [],
      };
      if (state.condition !== "timeout")
        return state.condition === "up" ? handshake(facts) : refused(facts);
      const { promise, resolve } = Promise.withResolvers<void>();
      clock.after(options?.timeoutMs ?? 0, resolve);
      await promise;
      const failure = { code: "timeout-connect", message: "No answer" } as const;
      return refused({ ...facts, failure });
    },
  };
  return { state, prober, root };
};

/** An estate of such servers, with one client and a webhook. */
export const simulatedEstate = (count: number, port: number, more = ""): string => {
  const names = Array.from({ length: count }, (_, index) => `e${index}`);
  return `version: 1
clients: { app: { profile: openssl-3, trust: roots } }
truststores: { roots: { path: root.pem } }
endpoints:
${names.map((name, index) => `  ${name}: { url: "https://host${index}.example" }`).join("\n")}
links: [{ from: app, to: [${names.join(", ")}] }]
notify: { hook: { webhook: { url: "http://127.0.0.1:${port}/" } } }
${more}`;
};

/** The certificate list is empty, so every link is broken for a reason of its own: only new alerts count. */
export const QUIET_RULES = `alerts:
  rules:
    - { name: unreachable, when: { finding: [topology.*] }, for: 1m, severity: critical }
    - { name: blind, when: blind, for: 1m }
    - { name: watcher, when: watcher, for: 5m }
`;
