import type { SecretDocument } from "../document.ts";
import type { HttpRole } from "./http.ts";

/** The section `http` as written. */
export interface HttpDocument {
  readonly listen?: string | undefined;
  readonly tls?:
    | {
        readonly cert: string;
        readonly key: string;
        readonly password?: SecretDocument | undefined;
      }
    | undefined;
  readonly unencrypted?: boolean | undefined;
  readonly tokens?:
    | readonly {
        readonly name: string;
        readonly role: HttpRole;
        readonly sha256: string;
        readonly expires?: string | undefined;
      }[]
    | undefined;
  readonly clientAuth?:
    | {
        readonly truststore: string;
        readonly clients: readonly {
          readonly name: string;
          readonly role: HttpRole;
          readonly subject?: string | undefined;
          readonly spki?: string | undefined;
        }[];
      }
    | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly allow?: readonly string[] | undefined;
}
