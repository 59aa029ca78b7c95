import { goRefusal } from "./refusals/go.ts";
import { javaRefusal } from "./refusals/java.ts";
import { opensslRefusal } from "./refusals/openssl.ts";

/** A program that reads certificates, at the release that was measured. */
export type CertificateReader = "java-17" | "java-25" | "openssl-3" | "go-1.19";

const memory = new WeakMap<Uint8Array, Map<CertificateReader, string | null>>();

/**
 * Why a client does not take octets for a certificate, in the client's own words; null when it reads them. Clients
 * read every certificate of a message, or of a store, before they judge any. Says nothing about trust.
 *
 * The octets are those of the message: where Java leaves alone what follows a certificate, OpenSSL and Go refuse it.
 * The answer is remembered with the array.
 */
export function parseRefusal(der: Uint8Array, reader: CertificateReader): string | null {
  let known = memory.get(der);
  if (known === undefined) {
    known = new Map();
    memory.set(der, known);
  }
  const before = known.get(reader);
  if (before !== undefined) return before;
  const answer = ask(der, reader);
  known.set(reader, answer);
  return answer;
}

function ask(der: Uint8Array, reader: CertificateReader): string | null {
  switch (reader) {
    case "java-17":
      return javaRefusal(der, "17")?.message ?? null;
    case "java-25":
      return javaRefusal(der, "25")?.message ?? null;
    case "openssl-3":
      return opensslRefusal(der);
    case "go-1.19":
      return goRefusal(der);
  }
}
