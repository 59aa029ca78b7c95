import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { X509Certificate } from "node:crypto";
import { AlertCode, RecordCounter, sealAlert } from "./tls13-alert.ts";

/** What a gateway is made of; PEM texts, and the CAs whose client certificates it accepts. */
export interface GatewayOptions {
  readonly cert: string;
  readonly key: string;
  readonly authorities: readonly string[];
  readonly respond: RequestListener;
}

/** Why a client certificate is refused, as the alert that says so; undefined when it is accepted. */
function objection(
  certificate: X509Certificate | undefined,
  authorities: readonly X509Certificate[],
  now: number,
): number | undefined {
  if (certificate === undefined) return AlertCode.certificateRequired;
  const known = authorities.some(
    (authority) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey),
  );
  if (!known) return AlertCode.unknownCa;
  if (certificate.validToDate.getTime() < now) return AlertCode.certificateExpired;
  if (certificate.validFromDate.getTime() > now) return AlertCode.badCertificate;
  return undefined;
}

/** One connection: the TLS socket runs over a stream that sees every record, so that an alert can follow. */
class GatewayConnection {
  readonly #socket: Socket;
  readonly #records = new RecordCounter();
  readonly tls: TLSSocket;
  #secret: Buffer | undefined;
  #shaken = false;
  #refused = false;

  constructor(socket: Socket, secureContext: SecureContext) {
    this.#socket = socket;
    const wire = new Duplex({
      read: () => socket.resume(),
      write: (chunk: Buffer, _encoding, done) => {
        if (this.#refused) return done();
        this.#records.add(chunk);
        return socket.write(chunk, done);
      },
      final: (done) => {
        socket.end(() => done());
      },
      destroy: (error, done) => {
        if (!this.#refused) socket.destroy();
        done(error);
      },
    });
    socket.on("data", (chunk) => {
      if (!this.#shaken) this.#records.restart();
      if (!wire.push(chunk)) socket.pause();
    });
    socket.on("end", () => wire.push(null));
    socket.on("error", () => wire.destroy());
    socket.on("close", () => wire.destroy());
    wire.on("error", () => socket.destroy());
    this.tls = new TLSSocket(wire, {
      isServer: true,
      secureContext,
      requestCert: true,
      rejectUnauthorized: false,
    });
    this.tls.on("error", () => this.tls.destroy());
    this.tls.on("keylog", (line: Buffer) => {
      const [label, , secret] = line.toString("ascii").trim().split(" ");
      if (label === "SERVER_TRAFFIC_SECRET_0" && secret !== undefined)
        this.#secret = Buffer.from(secret, "hex");
    });
    this.tls.on("secure", () => {
      this.#shaken = true;
    });
  }

  /** Ends the connection with a fatal alert. */
  refuse(alert: number): void {
    this.#refused = true;
    if (this.#secret === undefined) {
      this.#socket.destroy();
      return;
    }
    const suite = this.tls.getCipher().standardName;
    this.#socket.end(sealAlert(alert, suite, this.#secret, this.#records.begun));
  }
}

/**
 * An HTTPS server, TLS 1.3 only, that requires a client certificate and says what is wrong with the one it
 * gets, as OpenSSL and Java servers do. A server of node:tls would accept any, look at it after the
 * handshake and close the connection without a word.
 */
export function createGateway(options: GatewayOptions): Server {
  const secureContext = createSecureContext({
    cert: options.cert,
    key: options.key,
    ca: [...options.authorities],
    minVersion: "TLSv1.3",
    ciphers: "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256",
  });
  const authorities = options.authorities.map((pem) => new X509Certificate(pem));
  const http = createHttpServer(options.respond);
  return createServer((socket) => {
    const connection = new GatewayConnection(socket, secureContext);
    connection.tls.once("secure", () => {
      const certificate = connection.tls.getPeerX509Certificate();
      const alert = objection(certificate, authorities, Date.now());
      if (alert === undefined) http.emit("connection", connection.tls);
      // The session tickets leave when the handshake's callback has returned; the alert comes after them.
      else setImmediate(() => connection.refuse(alert));
    });
  });
}
