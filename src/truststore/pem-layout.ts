import type { PemBlock } from "../x509/pem.ts";
import type { DecodedText } from "./text-encoding.ts";

/** Which readers of PEM take a block as it stands in its file; ours takes any. */
export interface PemLayout {
  /** PEM_read_bio of OpenSSL 3, and with it Node.js. */
  readonly openssl: boolean;
  /** encoding/pem of Go, as CertPool.AppendCertsFromPEM uses it. */
  readonly go: boolean;
}

const NOT_READ: PemLayout = { openssl: false, go: false };

/** A header of RFC 1421, as `Proc-Type: 4,ENCRYPTED`. */
const HEADER = /^[^\n]*:/m;
const EMPTY_LINE = /\n[ \t\r]*\n/;

/**
 * Tells which readers take a block. Both want BEGIN and END at the start of a line that ends in a line feed, and nothing
 * else but base64 between them. Go allows empty lines and takes a byte order mark for text before BEGIN; OpenSSL 3
 * skips the mark and takes an empty line for the end of headers. Measured with OpenSSL 3.0 and Go 1.19.
 */
export function pemLayout({ text, encoding, marked }: DecodedText, block: PemBlock): PemLayout {
  if (encoding === "UTF-16LE" || encoding === "UTF-16BE") return NOT_READ;
  const { start, end } = block;
  const body = text.slice(start + `-----BEGIN ${block.label}-----`.length, end);
  const [rest = "", ...lines] = body.split("\n", 2);
  const closing = body.lastIndexOf("-----END ");
  const inLines =
    (start === 0 || text.charAt(start - 1) === "\n") &&
    rest.trim() === "" &&
    lines.length > 0 &&
    body.charAt(closing - 1) === "\n" &&
    !HEADER.test(body.slice(0, closing));
  if (!inLines) return NOT_READ;
  return {
    openssl: !EMPTY_LINE.test(body.slice(0, closing)),
    go: !(marked && start === 0),
  };
}
