// Runs in a thread of its own: makes conversations, so that the thread of the API is free for it.
import { parentPort } from "node:worker_threads";
import type { Handshake } from "../../probe/handshake.ts";
import { probe } from "../../probe/probe.ts";
import type { ProbeReply, ProbeRequest } from "./messages.ts";

const running = new Map<number, AbortController>();

parentPort?.on("message", (request: ProbeRequest) => {
  if (request.kind === "cancel") running.get(request.id)?.abort();
  else void converse(request);
});

async function converse({
  id,
  endpoint,
  options,
}: Extract<ProbeRequest, { kind: "probe" }>): Promise<void> {
  const cancel = new AbortController();
  running.set(id, cancel);
  try {
    const handshake = await probe(endpoint, { ...options, signal: cancel.signal });
    answer({ id, handshake: detached(handshake) });
  } catch (error) {
    answer({ id, defect: String(error) });
  } finally {
    running.delete(id);
  }
}

function answer(reply: ProbeReply): void {
  parentPort?.postMessage(reply);
}

/** With octets of its own: what is sent takes the whole buffer along that a part lies in. */
function detached(handshake: Handshake): Handshake {
  const { certificates, ocspStaple, signedCertificateTimestamps, firstBytes } = handshake;
  const { certificateRequest } = handshake;
  return {
    ...handshake,
    certificates: certificates.map(copy),
    ocspStaple: ocspStaple && copy(ocspStaple),
    signedCertificateTimestamps: signedCertificateTimestamps.map(copy),
    firstBytes: firstBytes && copy(firstBytes),
    certificateRequest: certificateRequest && {
      ...certificateRequest,
      authorities: certificateRequest.authorities.map(copy),
    },
  };
}

function copy(octets: Uint8Array): Uint8Array {
  return new Uint8Array(octets);
}
