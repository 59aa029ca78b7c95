import type { SecretDocument } from "../document.ts";
import type { SecretReference } from "../estate.ts";
import { parseHostPort } from "../host-port.ts";
import { parseAllowPattern } from "./allow-pattern.ts";
import type { HttpDocument } from "./document.ts";
import type { EstateHttp } from "./http.ts";
import { DEFAULT_LISTEN } from "./schema.ts";

/** How paths and secrets of the file are read. */
interface Readers {
  readonly at: (path: string) => string;
  readonly secret: (reference?: SecretDocument) => SecretReference | null;
}

/** Completes the section `http`. */
export function resolveHttp(http: HttpDocument, { at, secret }: Readers): EstateHttp {
  const { tls, clientAuth } = http;
  const listen = parseHostPort(http.listen ?? DEFAULT_LISTEN);
  return {
    host: listen?.host ?? "127.0.0.1",
    port: listen?.port ?? 0,
    tls:
      tls === undefined
        ? null
        : { certificate: at(tls.cert), key: at(tls.key), password: secret(tls.password) },
    unencrypted: http.unencrypted ?? false,
    tokens: (http.tokens ?? []).map(({ name, role, sha256, expires }) => ({
      name,
      role,
      sha256,
      expires: expires === undefined ? null : Date.parse(expires),
    })),
    clientAuth:
      clientAuth === undefined
        ? null
        : {
            truststore: clientAuth.truststore,
            clients: clientAuth.clients.map(({ name, role, subject, spki }) => ({
              name,
              role,
              subject: subject ?? null,
              spki: spki ?? null,
            })),
          },
    hosts: (http.hosts ?? []).map((host) => host.toLowerCase().replace(/\.$/, "")),
    allow: (http.allow ?? []).flatMap((text) => parseAllowPattern(text) ?? []),
  };
}
