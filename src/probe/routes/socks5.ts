import type { FailureCode } from "../handshake.ts";
import { printable } from "../dialogs/printable.ts";
import type { Prelude, PreludeStep } from "../prelude.ts";
import { addressBytes } from "./address-bytes.ts";
import type { ProxyReply, TunnelEnd } from "./http-connect.ts";
import { type Proxy, proxyName } from "./route.ts";

const VERSION = 5;

const Method = { none: 0, password: 2, unacceptable: 0xff } as const;

/** Reply codes of RFC 1928 section 6: what they say about the server or the proxy. */
const REPLIES: ReadonlyMap<number, readonly [FailureCode, string]> = new Map<
  number,
  readonly [FailureCode, string]
>([
  [1, ["proxy-refused", "general SOCKS server failure"]],
  [2, ["proxy-refused", "connection not allowed by ruleset"]],
  [3, ["connect-unreachable", "network unreachable"]],
  [4, ["connect-unreachable", "host unreachable"]],
  [5, ["connect-refused", "connection refused"]],
  [6, ["connect-unreachable", "TTL expired"]],
  [7, ["proxy-refused", "command not supported"]],
  [8, ["proxy-refused", "address type not supported"]],
]);

type State = "method" | "password" | "reply";

/** Asks a SOCKS5 proxy for a tunnel (RFC 1928), with user name and password (RFC 1929) where given. */
export class Socks5 implements Prelude {
  readonly #proxy: Proxy;
  readonly #end: TunnelEnd;
  readonly #onReply: (reply: ProxyReply) => void;
  #state: State = "method";
  #arrived = Buffer.alloc(0);

  constructor(proxy: Proxy, end: TunnelEnd, onReply: (reply: ProxyReply) => void) {
    this.#proxy = proxy;
    this.#end = end;
    this.#onReply = onReply;
  }

  start(): PreludeStep {
    const methods =
      this.#proxy.credentials === null ? [Method.none] : [Method.none, Method.password];
    return say(Uint8Array.of(VERSION, methods.length, ...methods));
  }

  receive(chunk: Uint8Array): PreludeStep {
    this.#arrived = Buffer.concat([this.#arrived, chunk]);
    const [first, second] = this.#arrived;
    if (first !== (this.#state === "password" ? 1 : VERSION)) return this.#stranger();
    if (second === undefined) return NOTHING_YET;
    switch (this.#state) {
      case "method":
        this.#arrived = this.#arrived.subarray(2);
        return this.#method(second);
      case "password":
        this.#arrived = this.#arrived.subarray(2);
        if (second !== 0)
          return this.#failed("proxy-authentication", "does not accept the credentials");
        return this.#request();
      case "reply":
        return this.#reply(second);
    }
  }

  hangUp(how: "closed" | "reset") {
    const verb = how === "closed" ? "closed" : "reset";
    return this.#state === "password"
      ? ({
          code: "proxy-authentication",
          message: `Proxy ${proxyName(this.#proxy)} ${verb} the connection when it got the credentials`,
        } as const)
      : ({
          code: "proxy-refused",
          message: `Proxy ${proxyName(this.#proxy)} ${verb} the connection in the middle of the SOCKS dialog`,
        } as const);
  }

  #method(method: number): PreludeStep {
    const { credentials } = this.#proxy;
    if (method === Method.none) return this.#request();
    if (method === Method.password && credentials !== null) {
      this.#state = "password";
      return say(
        Uint8Array.of(1, ...prefixed(credentials.username), ...prefixed(credentials.password)),
      );
    }
    if (method === Method.unacceptable)
      return this.#failed(
        "proxy-authentication",
        credentials === null
          ? "wants credentials and none are configured"
          : "accepts neither user name and password nor their absence",
      );
    return this.#failed("proxy-malformed", `chose method ${method}, which was not offered`);
  }

  #request(): PreludeStep {
    this.#state = "reply";
    const { host, port } = this.#end;
    const address = addressBytes(host);
    const destination =
      address === null ? [3, ...prefixed(host)] : [address.length === 4 ? 1 : 4, ...address];
    const output = Uint8Array.of(VERSION, 1, 0, ...destination, port >> 8, port & 0xff);
    return this.#arrived.length > 0
      ? this.#failed("proxy-malformed", "answered before it was asked")
      : say(output);
  }

  #reply(code: number): PreludeStep {
    if (code !== 0) {
      const [failure, reason] = REPLIES.get(code) ?? [
        "proxy-refused" as const,
        "unassigned reply code",
      ];
      this.#onReply({ status: code, reason });
      return this.#failed(
        failure,
        `answered that there is no way to the server: ${reason} (${code})`,
      );
    }
    const length = this.#boundLength();
    if (length === "unknown")
      return this.#failed("proxy-malformed", `named an address of type ${this.#arrived[3]}`);
    if (length === null || this.#arrived.length < length) return NOTHING_YET;
    this.#onReply({ status: 0, reason: "succeeded" });
    const rest = this.#arrived.length > length ? this.#arrived.subarray(length) : null;
    return { output: null, end: { kind: "ready", rest } };
  }

  /** Bytes of the whole reply, by the type of the bound address; null when too little has arrived. */
  #boundLength(): number | "unknown" | null {
    const [, , , type, length] = this.#arrived;
    switch (type) {
      case undefined:
        return null;
      case 1:
        return 10;
      case 3:
        return length === undefined ? null : 7 + length;
      case 4:
        return 22;
      default:
        return "unknown";
    }
  }

  #stranger(): PreludeStep {
    const shown = JSON.stringify(printable(this.#arrived.toString("latin1", 0, 40)));
    const hint = this.#arrived.toString("latin1", 0, 4) === "HTTP" ? " but HTTP" : "";
    return this.#failed("proxy-malformed", `does not speak SOCKS5${hint}: ${shown}`);
  }

  #failed(code: FailureCode, what: string): PreludeStep {
    const message = `Proxy ${proxyName(this.#proxy)} ${what}`;
    return { output: null, end: { kind: "failed", failure: { code, message } } };
  }
}

const NOTHING_YET: PreludeStep = { output: null, end: null };

function say(output: Uint8Array): PreludeStep {
  return { output, end: null };
}

/** A text behind the octet of its length. */
function prefixed(text: string): readonly number[] {
  const bytes = Buffer.from(text, "utf8").subarray(0, 255);
  return [bytes.length, ...bytes];
}
