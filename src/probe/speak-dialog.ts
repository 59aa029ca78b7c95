import { isIPv6, type Socket } from "node:net";
import { DialogPrelude } from "./dialogs/dialog-prelude.ts";
import type { Leash } from "./leash.ts";
import type { Recorder } from "./recorder.ts";
import { type PreludeOutcome, runPrelude } from "./run-prelude.ts";
import { isUpgradeScheme } from "./schemes.ts";

/**
 * Speaks the endpoint's own protocol up to the server's leave to begin TLS, where its scheme has such a dialog.
 * `early` is what arrived before. Null when it failed; then the record says why and the socket is closed.
 */
export async function speakDialog(
  socket: Socket,
  early: Uint8Array | null,
  { recorder, leash }: { readonly recorder: Recorder; readonly leash: Leash },
): Promise<PreludeOutcome | null> {
  const { endpoint, serverName } = recorder.finish();
  if (!isUpgradeScheme(endpoint.scheme)) return { rest: early, framing: null };
  const prelude = new DialogPrelude(endpoint.scheme, {
    serverName: serverName ?? endpoint.host,
    clientName: addressLiteral(socket.localAddress ?? "127.0.0.1"),
  });
  const part = { prelude, phase: "dialog", peer: "Server" } as const;
  const spoken = await runPrelude(socket, part, { leash, early });
  recorder.dialog(prelude.lines);
  const now = performance.now();
  if (spoken.ok) {
    recorder.prelude("dialog", now);
    return spoken.value;
  }
  const { firstBytes } = prelude;
  recorder.add({ kind: "failed", failure: spoken.error, firstBytes }, now);
  return null;
}

/** An address as mail clients without a name introduce themselves (RFC 5321 section 4.1.3). */
function addressLiteral(address: string): string {
  const [bare = address] = address.replace(/^::ffff:(?=\d+\.)/, "").split("%");
  return isIPv6(bare) ? `[IPv6:${bare}]` : `[${bare}]`;
}
