import type { ClientAuthExpectation } from "../estate/estate.ts";
import type { FailureCode, Handshake } from "../probe/handshake.ts";
import type { AddressState, EndpointState } from "./endpoint-state.ts";
import { timeText } from "./link-json.ts";
import type { TruststoreSummary } from "./truststore-summary.ts";

/** An endpoint as the API shows it. Times are RFC 3339 in UTC, durations milliseconds. */
export interface EndpointJson {
  readonly name: string;
  readonly url: string;
  readonly serverName: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly every: number;
  readonly clients: readonly string[];
  readonly checkedAt: string | null;
  /** Until when it is not probed, by a window of quiet; null while it is. */
  readonly quietUntil: string | null;
  /** What the estate expects and what was seen; null while nothing is expected. */
  readonly clientAuth: {
    readonly expected: ClientAuthExpectation;
    readonly observed: ClientAuthExpectation | null;
  } | null;
  readonly addresses: readonly {
    readonly address: string | null;
    readonly outcome: "complete" | "failed";
    readonly version: string | null;
    readonly cipherSuite: string | null;
    readonly group: string | null;
    readonly signatureScheme: string | null;
    readonly alpn: string | null;
    readonly clientCertificateRequested: boolean;
    readonly failure: FailureCode | null;
    /** One sentence; null when there was no failure. */
    readonly failureMessage: string | null;
    readonly phases: Handshake["phases"];
    readonly certificates: readonly {
      readonly sha256: string;
      readonly subject: string | null;
      readonly issuer: string | null;
      readonly serial: string | null;
      readonly notBefore: string | null;
      readonly notAfter: string | null;
    }[];
  }[];
}

/** Shows an endpoint. */
export function endpointToJson(state: EndpointState): EndpointJson {
  const { endpoint, addresses } = state;
  const expected = endpoint.expect.clientAuth;
  return {
    name: endpoint.name,
    url: endpoint.url,
    serverName: endpoint.serverName,
    labels: endpoint.labels,
    every: endpoint.every,
    clients: state.clients,
    checkedAt: timeText(state.checkedAt),
    quietUntil: timeText(state.quietUntil),
    clientAuth: expected === null ? null : { expected, observed: observedClientAuth(addresses) },
    addresses: addresses.map(addressToJson),
  };
}

function addressToJson({
  address,
  handshake,
  certificates,
}: AddressState): EndpointJson["addresses"][number] {
  return {
    address,
    outcome: handshake.outcome,
    version: handshake.version,
    cipherSuite: handshake.cipherSuite,
    group: handshake.group,
    signatureScheme: handshake.signatureScheme,
    alpn: handshake.alpn,
    clientCertificateRequested: handshake.clientCertificateRequested,
    failure: handshake.failure?.code ?? null,
    failureMessage: handshake.failure?.message ?? null,
    phases: handshake.phases,
    certificates: certificates.map((certificate) => ({
      ...certificate,
      notBefore: timeText(certificate.notBefore),
      notAfter: timeText(certificate.notAfter),
    })),
  };
}

/** Null where no server said: a request is only seen once the server has answered. */
function observedClientAuth(addresses: readonly AddressState[]): ClientAuthExpectation | null {
  const handshakes = addresses.map(({ handshake }) => handshake);
  if (handshakes.some(({ clientAuth }) => clientAuth === "required")) return "required";
  if (handshakes.some((handshake) => handshake.clientCertificateRequested)) return "requested";
  return handshakes.some(({ outcome }) => outcome === "complete") ? "none" : null;
}

/** A truststore as the API shows it. */
export interface TruststoreJson {
  readonly name: string;
  readonly paths: readonly string[];
  readonly clients: readonly string[];
  readonly loaded: boolean;
  readonly anchors: number | null;
  readonly earliestExpiry: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Shows a truststore. */
export function truststoreToJson(store: TruststoreSummary): TruststoreJson {
  const { error, earliestExpiry, ...rest } = store;
  return {
    ...rest,
    loaded: error === null,
    earliestExpiry: timeText(earliestExpiry),
    error: error === null ? null : { code: error.code, message: error.message },
  };
}
