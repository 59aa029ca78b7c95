import { readTdsMessage, tdsPackets } from "./tds-packet.ts";
import { TdsFraming } from "./tds-framing.ts";
import {
  type Dialog,
  heard,
  malformed,
  OtherProtocol,
  refused,
  sendMessage,
  text,
} from "./talk.ts";

/** Tokens of PRELOGIN (MS-TDS section 2.2.6.5). */
const Option = { version: 0, encryption: 1, instance: 2, thread: 3, mars: 4, end: 0xff } as const;

/** Bytes of a token with its offset and length. */
const TOKEN = 5;

/** Values of the encryption option; OFF still encrypts the login, and so makes a handshake. */
const ENCRYPTION: readonly (string | undefined)[] = [
  "ENCRYPT_OFF",
  "ENCRYPT_ON",
  "ENCRYPT_NOT_SUP",
  "ENCRYPT_REQ",
];

/** What servers from before PRELOGIN answer: the error of a login. */
const ERROR_TOKEN = 0xaa;

const ENCRYPT_ON = 1;
const ENCRYPT_NOT_SUP = 2;

/** SQL Server's PRELOGIN (TDS 7.1 to 7.4), after which TLS is wrapped in packets until it is complete. */
export function* mssql(): Dialog {
  yield* sendMessage(tdsPackets(prelogin()), "PRELOGIN, ENCRYPT_ON");
  const encryption = encryptionOf(yield* readTdsMessage());
  const name = ENCRYPTION[encryption];
  yield* heard(`PRELOGIN, ${name ?? `encryption ${encryption}`}`);
  if (name === undefined) throw malformed(`Server's PRELOGIN has the encryption ${encryption}`);
  if (encryption === ENCRYPT_NOT_SUP) throw refused("Server does not offer TLS", name);
  return new TdsFraming();
}

function prelogin(): Uint8Array {
  const options: readonly (readonly [number, Uint8Array])[] = [
    [Option.version, Uint8Array.of(16, 0, 0, 0, 0, 0)],
    [Option.encryption, Uint8Array.of(ENCRYPT_ON)],
    [Option.instance, Uint8Array.of(0)],
    [Option.thread, Uint8Array.of(0, 0, 0, 0)],
    [Option.mars, Uint8Array.of(0)],
  ];
  let offset = options.length * TOKEN + 1;
  const tokens = options.map(([option, { length }]) => {
    const token = Uint8Array.of(option, offset >> 8, offset & 0xff, 0, length);
    offset += length;
    return token;
  });
  return Buffer.concat([...tokens, Uint8Array.of(Option.end), ...options.map(([, data]) => data)]);
}

function encryptionOf(message: Uint8Array): number {
  for (let at = 0; ; at += TOKEN) {
    const [option, high = 0, low = 0, lengthHigh = 0, length] = message.subarray(at, at + TOKEN);
    if (at === 0 && option === ERROR_TOKEN)
      throw refused(
        "Server refused the PRELOGIN",
        text(message.subarray(at + 3)).replaceAll("\0", ""),
      );
    // the version comes first in every PRELOGIN (MS-TDS section 2.2.6.5)
    if (at === 0 && option !== Option.version) throw new OtherProtocol();
    if (option === Option.end) throw malformed("Server's PRELOGIN says nothing about encryption");
    if (option === undefined || length === undefined) throw malformed("Server's PRELOGIN is cut");
    if (option !== Option.encryption) continue;
    const value = message[high * 256 + low];
    if (value === undefined || lengthHigh !== 0 || length !== 1)
      throw malformed("Server's PRELOGIN has its encryption option outside the message");
    return value;
  }
}
