import { Abort } from "./abort.ts";
import {
  nonceOf,
  open,
  type Opener,
  seal,
  type Sealer,
  type TrafficKeys,
  writeHeader,
} from "./record-protection.ts";
import { ContentType, RECORD_HEADER } from "./record-reader.ts";
import { Version } from "./versions.ts";

/** Record protection of TLS 1.3, receiving side (RFC 8446 section 5.2). */
export function opener13(keys: TrafficKeys): Opener {
  let sequence = 0;
  return ({ type, header, fragment }) => {
    if (type !== ContentType.applicationData)
      throw new Abort(
        "bad-record",
        "unexpected_message",
        `Record of content type ${type} is not protected, although the keys are in use`,
      );
    const inner = open(keys, nonceOf(keys.iv, sequence++), header, fragment);
    let end = inner.length;
    while (end > 0 && inner[end - 1] === 0) end--;
    const innerType = inner[end - 1];
    if (innerType === undefined)
      throw new Abort("bad-record", "unexpected_message", "Protected record holds only padding");
    return { type: innerType, content: inner.subarray(0, end - 1) };
  };
}

/** Record protection of TLS 1.3, sending side; without padding. */
export function sealer13(keys: TrafficKeys): Sealer {
  let sequence = 0;
  return (type, content) => {
    const record = new Uint8Array(RECORD_HEADER + content.length + 1 + keys.aead.tagLength);
    writeHeader(record, ContentType.applicationData, Version.tls12);
    const header = record.subarray(0, RECORD_HEADER);
    const nonce = nonceOf(keys.iv, sequence++);
    const inner = new Uint8Array(content.length + 1);
    inner.set(content);
    inner[content.length] = type;
    seal(keys, nonce, header, inner, record, RECORD_HEADER);
    return record;
  };
}
