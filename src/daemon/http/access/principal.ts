import { hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { EstateHttp, EstateHttpClient, HttpRole } from "../../../estate/http/http.ts";
import { parseCertificate } from "../../../x509/certificate.ts";
import { fail, ok, type Result } from "../../../x509/result.ts";
import { refusal, type Refusal } from "../problem.ts";
import { findToken, tokenOf } from "./token.ts";

/** Who asks. */
export interface Principal {
  /** As the estate names it. */
  readonly name: string;
  readonly role: HttpRole;
  /** Milliseconds since 1970 from when what it showed is worth nothing; null: that is not known. */
  readonly until: number | null;
}

/** To whom the daemon is open. */
export type Admission = Pick<EstateHttp, "tokens" | "clientAuth">;

/** Whoever reaches the daemon while neither tokens nor client certificates are set up. */
const ANYBODY: Principal = { name: "anybody", role: "read", until: null };

/**
 * Who asks, by token or client certificate.
 * @param now milliseconds since 1970
 */
export function principalOf(
  request: IncomingMessage,
  { tokens, clientAuth }: Admission,
  now: number,
): Result<Principal, Refusal> {
  const { authorization } = request.headers;
  if (authorization !== undefined && (tokens.length > 0 || clientAuth !== null)) {
    const text = tokenOf(authorization);
    const token = text === null ? null : findToken(tokens, text, now);
    return token === null
      ? fail(refusal("token-refused", "The token is unknown or no longer valid"))
      : ok({ name: token.name, role: token.role, until: token.expires });
  }
  const client = clientAuth === null ? null : certificateHolder(request, clientAuth.clients, now);
  if (client !== null) return ok(client);
  if (tokens.length === 0 && clientAuth === null) return ok(ANYBODY);
  return fail(
    refusal("token-missing", "Send a token as Authorization: Bearer, or a client certificate"),
  );
}

function certificateHolder(
  { socket }: IncomingMessage,
  clients: readonly EstateHttpClient[],
  now: number,
): Principal | null {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return null;
  const shown = socket.getPeerX509Certificate();
  const parsed = shown === undefined ? null : parseCertificate(shown.raw);
  if (parsed?.ok !== true) return null;
  const subject = parsed.value.subject.text;
  const spki = hash("sha256", parsed.value.spki, "hex");
  // the handshake saw to the time, but connections last
  if (parsed.value.notAfter < now) return null;
  const found = clients.find(
    (client) =>
      (client.subject === null || client.subject === subject) &&
      (client.spki === null || client.spki === spki),
  );
  return found === undefined
    ? null
    : { name: found.name, role: found.role, until: parsed.value.notAfter };
}

/** Whether somebody may do what needs a role. */
export const mayAct = ({ role }: Principal, needed: HttpRole): boolean =>
  role === "operate" || needed === "read";
