import type { FailureCode } from "../handshake.ts";
import { printable } from "../dialogs/printable.ts";
import type { Prelude, PreludeStep } from "../prelude.ts";
import { type Proxy, proxyName } from "./route.ts";

/** Bytes of a proxy's answer; squid's own limit for headers is 64 KiB, usual answers have a few hundred. */
const MAX_HEADER = 32 * 1024;

/** Answers of the kind 1xx that are read past (RFC 9110 section 15.2). */
const MAX_INTERIM = 8;

/** Where the tunnel is to end. */
export interface TunnelEnd {
  /** DNS name, or IP literal without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What a proxy said about a tunnel. */
export interface ProxyReply {
  /** HTTP status, or the reply code of RFC 1928 section 6. */
  readonly status: number;
  /** In the proxy's or the standard's words; bounded and printable. */
  readonly reason: string;
}

/** Asks an HTTP proxy for a tunnel (RFC 9110 section 9.3.6), with Basic credentials (RFC 7617) where given. */
export class HttpConnect implements Prelude {
  readonly #proxy: Proxy;
  readonly #end: TunnelEnd;
  readonly #onReply: (reply: ProxyReply) => void;
  #arrived = Buffer.alloc(0);
  #interim = 0;

  constructor(proxy: Proxy, end: TunnelEnd, onReply: (reply: ProxyReply) => void) {
    this.#proxy = proxy;
    this.#end = end;
    this.#onReply = onReply;
  }

  start(): PreludeStep {
    const { host, port } = this.#end;
    const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    const { credentials } = this.#proxy;
    const lines = [
      `CONNECT ${authority} HTTP/1.1`,
      `Host: ${authority}`,
      "User-Agent: anchorwatch",
      ...(credentials === null
        ? []
        : [
            `Proxy-Authorization: Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`,
          ]),
    ];
    return { output: Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), end: null };
  }

  receive(chunk: Uint8Array): PreludeStep {
    this.#arrived = Buffer.concat([this.#arrived, chunk]);
    for (;;) {
      const start = this.#arrived.toString("latin1", 0, 5);
      if (start !== "HTTP/".slice(0, start.length))
        return this.#failed("proxy-malformed", `does not speak HTTP: ${this.#shown()}`);
      const header = /^[^]*?\r?\n\r?\n/.exec(this.#arrived.toString("latin1", 0, MAX_HEADER))?.[0];
      if (header === undefined)
        return this.#arrived.length > MAX_HEADER
          ? this.#failed("proxy-malformed", `sent a header of more than ${MAX_HEADER} bytes`)
          : { output: null, end: null };
      this.#arrived = this.#arrived.subarray(header.length);
      const step = this.#answer(header);
      if (step !== null) return step;
    }
  }

  hangUp(how: "closed" | "reset") {
    const verb = how === "closed" ? "closed" : "reset";
    return {
      code: "proxy-refused",
      message: `Proxy ${proxyName(this.#proxy)} ${verb} the connection without an answer to CONNECT`,
    } as const;
  }

  /** Null for an interim answer. */
  #answer(header: string): PreludeStep | null {
    const [, digits, words = ""] =
      /^HTTP\/1\.[01] +(\d{3})(?: +([^\r\n]*))?\r?\n/.exec(header) ?? [];
    const status = Number(digits);
    if (digits === undefined || status < 100)
      return this.#failed("proxy-malformed", `sent no HTTP status line: ${printable(header)}`);
    if (status < 200 && status !== 101) {
      return ++this.#interim > MAX_INTERIM
        ? this.#failed("proxy-malformed", `sent more than ${MAX_INTERIM} interim answers`)
        : null;
    }
    const detail = field(header, "x-squid-error");
    const reason = printable([words.trim(), detail === null ? "" : `(${detail})`].join(" ").trim());
    this.#onReply({ status, reason });
    if (status >= 200 && status < 300) {
      const rest = this.#arrived.length > 0 ? this.#arrived : null;
      return { output: null, end: { kind: "ready", rest } };
    }
    const answer = `${status}${reason === "" ? "" : ` ${reason}`}`;
    if (status !== 407) return this.#failed("proxy-refused", `answered CONNECT with ${answer}`);
    const schemes = this.#schemes(header);
    const asks = schemes === "" ? "" : `; it asks for ${schemes}`;
    return this.#failed(
      "proxy-authentication",
      this.#proxy.credentials === null
        ? `wants credentials and none are configured (${answer})${asks}`
        : `does not accept the credentials (${answer})${asks}`,
    );
  }

  /** Names of the authentication schemes that the proxy would take (RFC 9110 section 11.7.1). */
  #schemes(header: string): string {
    const names = [...header.matchAll(/^proxy-authenticate:[ \t]*([a-z0-9-]{1,32})/gim)];
    return [...new Set(names.map(([, name = ""]) => name))].slice(0, 8).join(", ");
  }

  #shown(): string {
    return JSON.stringify(printable(this.#arrived.toString("latin1", 0, 40)));
  }

  #failed(code: FailureCode, what: string): PreludeStep {
    const message = `Proxy ${proxyName(this.#proxy)} ${what}`;
    return { output: null, end: { kind: "failed", failure: { code, message } } };
  }
}

/** A header field's value, bounded; null when it is not there. */
function field(header: string, name: string): string | null {
  for (const line of header.split("\n")) {
    const colon = line.indexOf(":");
    if (line.slice(0, colon).toLowerCase() === name)
      return line.slice(colon + 1, colon + 101).trim();
  }
  return null;
}
