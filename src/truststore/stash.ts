import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { fail, ok, type Result } from "../x509/result.ts";

/** Why bytes are not a stash file. */
export interface StashError {
  readonly code: "stash-malformed";
  readonly message: string;
}

const VERSION_1_LENGTH = 129;
const VERSION_2_LENGTH = 193;
const MASK = 0xf5;

/** Constant of the key derivation of version 2 files. */
const SEED_TEXT =
  "13EC6D5C885056915AB35FAD2BDDF39F40D7C57B8B4D28F66B61B75F391446FD" +
  "A96751174DBD9713D02E0B38732E763501DBBB85EC60E437929ED2AA8981B36B";
const FIRST_STATE = Uint8Array.of(1, 1, 2, 3, 5, 8);

/** The search for a digest whose ninth byte is 3 takes 256 steps on average; this many mean that the file is none. */
const MAX_SEARCH = 100_000;

/** Reads the password out of a GSKit stash file (`.sth`), version 1 (129 bytes) or 2 (193 bytes). */
export function decodeStash(bytes: Uint8Array): Result<string, StashError> {
  if (bytes.length === VERSION_1_LENGTH) return unmask(bytes);
  if (bytes.length !== VERSION_2_LENGTH)
    return malformed(
      `Stash file has ${bytes.length} bytes; ${VERSION_1_LENGTH} or ${VERSION_2_LENGTH} were expected`,
    );
  const first = bytes.subarray(0, 32);
  const check = bytes.subarray(32, 64);
  if (!timingSafeEqual(check, sha256(Uint8Array.of(1), first)))
    return malformed("Stash file of version 2 is damaged: its checksum does not fit");
  const stream = keyStream(bytes.subarray(0, 64));
  if (stream === null)
    return malformed("Stash file of version 2 is damaged: no key follows from it");
  return unmask(bytes.subarray(64).map((octet, index) => octet ^ (stream[index] ?? 0)));
}

function keyStream(head: Uint8Array): Uint8Array | null {
  let digest = sha256(head);
  for (let steps = 0; digest[8] !== 3; steps++) {
    if (steps >= MAX_SEARCH) return null;
    digest = sha256(digest);
  }
  for (let i = 0; i < 64; i++) digest = sha256(digest);
  const seed = hmac(digest, Buffer.from(SEED_TEXT, "latin1"));
  let state = hmac(seed, FIRST_STATE);
  let stream: Uint8Array = new Uint8Array(0);
  while (stream.length < VERSION_1_LENGTH) {
    stream = Buffer.concat([stream, hmac(seed, state)]);
    state = Buffer.concat([stream, state]);
  }
  return stream;
}

/** Undoes the mask of version 1; the password ends at the first zero, and what pads it may be anything. */
function unmask(bytes: Uint8Array): Result<string, StashError> {
  const plain = bytes.map((octet) => octet ^ MASK);
  const end = plain.indexOf(0);
  if (end < 0)
    return malformed("Stash file has no end of password; it is damaged or no stash file");
  return ok(new TextDecoder().decode(plain.subarray(0, end)));
}

function malformed(message: string): Result<never, StashError> {
  return fail({ code: "stash-malformed", message });
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return digest.digest();
}

function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  return createHmac("sha256", key).update(message).digest();
}
