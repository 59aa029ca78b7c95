import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { EstateHttp, HttpRole } from "../../../estate/http/http.ts";
import { fail, type Result } from "../../../x509/result.ts";
import type { Clock } from "../../clock.ts";
import type { HttpLimits } from "../limits.ts";
import { refusal, type Refusal } from "../problem.ts";
import { refuseHost, refuseOrigin } from "../request-guard.ts";
import type { ServerTls } from "./server-tls.ts";
import { mayAct, type Principal, principalOf } from "./principal.ts";
import { RateLimit } from "./rate-limit.ts";

/** To whom, under which names and with which certificate the server is open. */
export interface HttpAccess {
  readonly http: Pick<EstateHttp, "tokens" | "clientAuth" | "hosts">;
  /** Null: no TLS. */
  readonly tls: ServerTls | null;
}

/** For whoever reaches this machine's own addresses. */
export const OPEN: HttpAccess = { http: { tokens: [], clientAuth: null, hosts: [] }, tls: null };

/** Decides about every request, upgrades included, before anything else looks at it. */
export class AccessControl {
  readonly #clock: Clock;
  readonly #requests: RateLimit;
  readonly #failures: RateLimit;
  readonly #actions: RateLimit;
  /** By connection: the authorities that its client certificate was checked with. */
  readonly #checkedWith = new WeakMap<object, HttpAccess>();
  /** By the ends of connections that are open. */
  readonly #begunWith = new Map<string, HttpAccess>();
  #access: HttpAccess;

  constructor(access: HttpAccess, clock: Clock, limits: HttpLimits) {
    this.#access = access;
    this.#clock = clock;
    this.#requests = new RateLimit(clock, limits.requests);
    this.#failures = new RateLimit(clock, limits.failures);
    this.#actions = new RateLimit(clock, limits.actions);
  }

  /** Takes other names, tokens and client certificates. Certificates of open connections count no longer. */
  adopt(access: HttpAccess): void {
    this.#access = access;
  }

  /** Notes a connection before its TLS handshake. */
  connecting(socket: Socket): void {
    const ends = endsOf(socket);
    this.#begunWith.set(ends, this.#access);
    socket.once("close", () => this.#begunWith.delete(ends));
  }

  /** Notes a connection whose client certificate, if there is one, was checked with what held when it began. */
  connected(socket: Socket): void {
    const begun = this.#begunWith.get(endsOf(socket));
    if (begun !== undefined) this.#checkedWith.set(socket, begun);
  }

  /** Why a request is not even looked at; null when it may go on. */
  refuse(request: IncomingMessage): Refusal | null {
    const { socket, headers } = request;
    const { hosts } = this.#access.http;
    const host = refuseHost(headers, { hosts, localAddress: socket.localAddress });
    if (host !== null) return host;
    if (!this.#requests.take(socket.remoteAddress)) return TOO_MANY;
    return null;
  }

  /** Who asks. Guessing tokens gets slow soon. */
  principal(request: IncomingMessage): Result<Principal, Refusal> {
    const { socket, headers } = request;
    const { remoteAddress } = socket;
    if (headers.authorization !== undefined && !this.#failures.allows(remoteAddress))
      return fail(TOO_MANY);
    const { http } = this.#access;
    const isStale = socket instanceof TLSSocket && this.#checkedWith.get(socket) !== this.#access;
    const clientAuth =
      http.clientAuth !== null && isStale ? { ...http.clientAuth, clients: [] } : http.clientAuth;
    const found = principalOf(request, { tokens: http.tokens, clientAuth }, this.#clock.wall());
    if (!found.ok && found.error.code === "token-refused") this.#failures.take(remoteAddress);
    return found;
  }

  /** Why a request that probes is refused: a page of another site had it made. Null when it may go on. */
  refuseForeign({ socket, headers }: IncomingMessage): Refusal | null {
    return refuseOrigin(headers, socket instanceof TLSSocket);
  }

  /**
   * Why a request that acts is refused: it must come from the own page or a program, from somebody with the role,
   * and not too often. Null when it may go on.
   */
  refuseAction(request: IncomingMessage, principal: Principal, role: HttpRole): Refusal | null {
    const foreign = this.refuseForeign(request);
    if (foreign !== null) return foreign;
    if (!mayAct(principal, role))
      return refusal(
        "role-missing",
        this.isOpen
          ? `Nobody has the role ${role} that this needs: make a token with 'anchorwatch token --role ${role}', put its entry under http.tokens of the estate, and send it as Authorization: Bearer; from then on reading takes a token as well`
          : `This needs the role ${role}, which ${principal.name} lacks; a token with it is made with 'anchorwatch token --role ${role}'`,
      );
    return this.#actions.take(request.socket.remoteAddress) ? null : TOO_MANY;
  }

  /** Whether an upgrade may follow the feed, and as whom. */
  follower(request: IncomingMessage): Result<Principal, Refusal> {
    const refused = this.refuse(request) ?? this.refuseForeign(request);
    return refused === null ? this.principal(request) : fail(refused);
  }

  /** Whether everybody who gets through may read. */
  get isOpen(): boolean {
    const { tokens, clientAuth } = this.#access.http;
    return tokens.length === 0 && clientAuth === null;
  }
}

const endsOf = ({ remoteAddress, remotePort, localPort }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localPort}`;

const TOO_MANY = refusal("too-many-requests", "Too many requests from this address; slow down");

/** Whether two states of access admit the same people. */
export const admitsAlike = (a: HttpAccess, b: HttpAccess): boolean =>
  JSON.stringify([a.http, a.tls?.ca ?? null]) === JSON.stringify([b.http, b.tls?.ca ?? null]);
