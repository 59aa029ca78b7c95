import { ber, berInteger, berSize, type BerValue, berValues } from "./ber.ts";
import {
  type Dialog,
  heard,
  malformed,
  OtherProtocol,
  refused,
  sendMessage,
  type Talk,
  text,
} from "./talk.ts";

const START_TLS = "1.3.6.1.4.1.1466.20037";

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const EXTENDED_REQUEST = 0x77;
const EXTENDED_RESPONSE = 0x78;
const REQUEST_NAME = 0x80;
const REFERRAL = 0xa3;

const MESSAGE_ID = 1;

/** Result codes that servers give to StartTLS (RFC 4511 appendix A). */
const RESULTS: ReadonlyMap<number, string> = new Map([
  [1, "operationsError"],
  [2, "protocolError"],
  [3, "timeLimitExceeded"],
  [7, "authMethodNotSupported"],
  [8, "strongerAuthRequired"],
  [10, "referral"],
  [11, "adminLimitExceeded"],
  [12, "unavailableCriticalExtension"],
  [13, "confidentialityRequired"],
  [50, "insufficientAccessRights"],
  [51, "busy"],
  [52, "unavailable"],
  [53, "unwillingToPerform"],
  [80, "other"],
]);

/** LDAP's StartTLS operation (RFC 4511 section 4.14). */
export function* ldap(): Dialog {
  const request = ber(
    SEQUENCE,
    ber(INTEGER, Uint8Array.of(MESSAGE_ID)),
    ber(EXTENDED_REQUEST, ber(REQUEST_NAME, Buffer.from(START_TLS, "latin1"))),
  );
  yield* sendMessage(request, "StartTLS request");
  const { id, result, words } = yield* readExtendedResponse();
  yield* heard(id === 0 ? `notice: ${words}` : `StartTLS response: ${words}`);
  // identifier 0 marks what nobody asked for: the notice of disconnection (RFC 4511 section 4.4.1)
  if (id === 0) throw refused("Server ends the session", words);
  if (id !== MESSAGE_ID) throw malformed(`Server answers message ${id}, which was not sent`);
  if (result !== 0) throw refused("Server refused StartTLS", words);
  return null;
}

interface ExtendedResponse {
  readonly id: number;
  readonly result: number;
  /** Name of the result, the server's text, and the referral. */
  readonly words: string;
}

function* readExtendedResponse(): Talk<ExtendedResponse> {
  const bytes = yield {
    kind: "take",
    size: (arrived) => {
      if (arrived.length > 0 && arrived[0] !== SEQUENCE) throw new OtherProtocol();
      const size = berSize(arrived);
      return size !== null && arrived.length >= size ? size : null;
    },
  };
  const [message] = berValues(bytes);
  const [first, operation] = berValues(message?.content ?? bytes);
  const id = first?.tag === INTEGER ? berInteger(first) : null;
  if (id === null || operation === undefined) throw new OtherProtocol();
  if (operation.tag !== EXTENDED_RESPONSE)
    throw malformed(`Server answers StartTLS with the operation 0x${operation.tag.toString(16)}`);
  const [code, , diagnostic, ...others] = berValues(operation.content);
  const result = code === undefined ? null : berInteger(code);
  if (result === null || diagnostic === undefined)
    throw malformed("Server's StartTLS response lacks a result");
  const told = [text(diagnostic.content), referralOf(others)].filter((each) => each !== "");
  const name = result === 0 ? "success" : (RESULTS.get(result) ?? `result ${result}`);
  return { id, result, words: [name, ...told].join(", ") };
}

function referralOf(values: readonly BerValue[]): string {
  const referral = values.find(({ tag }) => tag === REFERRAL);
  if (referral === undefined) return "";
  return `see ${berValues(referral.content)
    .map(({ content }) => text(content))
    .join(" ")}`;
}
