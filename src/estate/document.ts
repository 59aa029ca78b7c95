import type { ProxyProtocolVersion, Route } from "../probe/routes/route.ts";
import type { KeyManager } from "../trust/key-policy.ts";
import type { ProfileName } from "../trust/profile-names.ts";
import type { ClientSystem, ServerSystem } from "../trust/system-names.ts";
import type { NameCheck, PeerCheck } from "../trust/verdict.ts";
import type { AlertsDocument, NotifierDocument } from "./alerts/document.ts";
import type { ClientAuthExpectation } from "./estate.ts";
import type { HttpDocument } from "./http/document.ts";
import type { WindowDocument } from "./windows/document.ts";
import type { QuietDocument } from "./windows/quiet.ts";

/** A secret as written: exactly one key is there. */
export interface SecretDocument {
  readonly env?: string | undefined;
  readonly file?: string | undefined;
  readonly stash?: string | undefined;
  readonly encoded?: string | undefined;
  readonly config?: string | undefined;
  readonly at?: string | undefined;
  readonly key?: SecretDocument | undefined;
}

/** A truststore as written. */
export interface TruststoreDocument {
  readonly path: string | readonly string[];
  readonly password?: SecretDocument | undefined;
}

/** What a client authenticates itself with, as written: `cert` and `key`, or `keystore`. */
export interface IdentityDocument {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly keystore?: string | undefined;
  readonly password?: SecretDocument | undefined;
  readonly keyPassword?: SecretDocument | undefined;
  readonly alias?: string | undefined;
  readonly keyManager?: KeyManager | undefined;
}

/** A client as written. */
export interface ClientDocument {
  readonly profile: ProfileName;
  readonly system?: ClientSystem | undefined;
  /** Left out only by a client that checks nothing. */
  readonly trust?: string | readonly string[] | undefined;
  readonly peerCheck?: PeerCheck | undefined;
  readonly nameCheck?: NameCheck | undefined;
  readonly identity?: IdentityDocument | undefined;
  readonly started?: string | { readonly pidFile: string } | undefined;
}

/** The way to a server, as written in a zone or an endpoint. */
export interface RouteDocument {
  readonly proxy?:
    | string
    | {
        readonly url: string;
        readonly password?: SecretDocument | undefined;
        readonly truststore?: string | readonly string[] | undefined;
      }
    | undefined;
  readonly proxyProtocol?: ProxyProtocolVersion | undefined;
  readonly source?: string | undefined;
  readonly resolvers?: readonly string[] | undefined;
  readonly addresses?: Route["addresses"] | undefined;
}

/** An endpoint as written. */
export interface EndpointDocument extends RouteDocument {
  readonly zone?: string | undefined;
  readonly system?: ServerSystem | undefined;
  readonly url: string;
  readonly connect?: string | undefined;
  readonly serverName?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly every?: string | undefined;
  readonly jitter?: string | undefined;
  readonly timeout?: string | undefined;
  readonly pace?: string | undefined;
  readonly quiet?: readonly WindowDocument[] | undefined;
  readonly phaseTimeout?: string | undefined;
  readonly request?:
    | {
        readonly path: string;
        readonly method?: "HEAD" | "GET" | undefined;
        readonly expectStatus?: number | readonly number[] | undefined;
        readonly headers?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  readonly expect?:
    | {
        readonly clientAuth?: ClientAuthExpectation | undefined;
        readonly addresses?: readonly string[] | undefined;
      }
    | undefined;
}

/** A link, or several from one client, as written. */
export interface LinkDocument {
  readonly from: string;
  readonly to: string | readonly string[];
}

/** An import as written. */
export interface ImportEntryDocument {
  readonly system: string;
  readonly path: string | readonly string[];
  readonly as?: string | undefined;
  readonly version?: string | undefined;
  readonly host?: string | undefined;
  readonly roots?: string | readonly string[] | undefined;
}

/** An estate file of version 1 as written, before defaults and references. */
export interface EstateDocument {
  readonly version: 1;
  readonly truststores?: Readonly<Record<string, TruststoreDocument>> | undefined;
  readonly clients?: Readonly<Record<string, ClientDocument>> | undefined;
  readonly endpoints?: Readonly<Record<string, EndpointDocument>> | undefined;
  readonly links?: readonly LinkDocument[] | undefined;
  readonly imports?: readonly ImportEntryDocument[] | undefined;
  readonly schedule?:
    | {
        readonly every?: string | undefined;
        readonly jitter?: string | undefined;
        readonly timeout?: string | undefined;
        readonly pace?: string | undefined;
        readonly quiet?: readonly QuietDocument[] | undefined;
        readonly concurrency?: number | undefined;
        readonly perHost?: number | undefined;
      }
    | undefined;
  readonly thresholds?:
    | { readonly warning?: string | undefined; readonly critical?: string | undefined }
    | undefined;
  readonly alerts?: AlertsDocument | undefined;
  readonly notify?: Readonly<Record<string, NotifierDocument>> | undefined;
  readonly zones?: Readonly<Record<string, RouteDocument>> | undefined;
  readonly history?:
    | { readonly path?: string | undefined; readonly keep?: string | undefined }
    | undefined;
  readonly http?: HttpDocument | undefined;
}
