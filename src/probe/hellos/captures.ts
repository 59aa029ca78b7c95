import recorded from "./captures.json" with { type: "json" };

/** A ClientHello as a real client sent it to a listener that asked it for `probe.example.com`. */
export interface HelloCapture {
  /** Program and version, as it states them itself. */
  readonly client: string;
  /** Version in the header of the record that carried the hello. */
  readonly recordVersion: number;
  /** The handshake message with its header, lower-case hexadecimal. */
  readonly hello: string;
}

/** Name under which a recorded hello is kept. */
export type CaptureName = keyof typeof recorded;

/** Every recorded hello; `node scripts/capture-hellos.ts` records them anew. */
export const HELLO_CAPTURES: Readonly<Record<CaptureName, HelloCapture>> = recorded;
