import type { Endpoint, Handshake } from "../../probe/handshake.ts";
import type { ProbeOptions } from "../../probe/probe.ts";

/** What a probe is told that can be sent to another thread. */
export type SentOptions = Omit<ProbeOptions, "signal" | "sessions" | "resume">;

/** What is sent to a thread that probes. */
export type ProbeRequest =
  | {
      readonly kind: "probe";
      readonly id: number;
      readonly endpoint: Endpoint;
      readonly options: SentOptions;
    }
  | { readonly kind: "cancel"; readonly id: number };

/** What comes back: the record, or what a defect said. */
export type ProbeReply =
  | { readonly id: number; readonly handshake: Handshake }
  | { readonly id: number; readonly defect: string };
