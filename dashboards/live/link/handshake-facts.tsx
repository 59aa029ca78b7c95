import type { JSX } from "preact";
import { apiUrl } from "../api/ask.ts";
import type { Link } from "../api/types.ts";
import { useAnswer } from "../ui/use-answer.ts";

interface EndpointAnswer {
  readonly serverName: string | null;
  readonly clientAuth: { readonly expected: string; readonly observed: string | null } | null;
  readonly addresses: readonly {
    readonly address: string | null;
    readonly signatureScheme: string | null;
    readonly alpn: string | null;
    readonly clientCertificateRequested: boolean;
    readonly failureMessage: string | null;
    readonly phases: Readonly<Record<string, number | null>>;
  }[];
}

const PHASES = ["dns", "connect", "proxy", "dialog", "hello", "complete"] as const;

const phaseWords = (phases: Readonly<Record<string, number | null>>): string =>
  PHASES.flatMap((name) => {
    const time = phases[name];
    return typeof time === "number"
      ? [`${name} ${time < 10 ? time.toFixed(1) : Math.round(time)}`]
      : [];
  }).join(" · ");

/** What was agreed or failed with each address. */
export const HandshakeFacts = ({
  link,
  version,
}: {
  readonly link: Link;
  readonly version: string;
}): JSX.Element => {
  const { value } = useAnswer<EndpointAnswer>(apiUrl(["endpoints", link.endpoint]), version);
  const more = new Map(value?.addresses.map((each) => [each.address, each]));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Addresses">
      <table class="addresses">
        <thead>
          <tr>
            {[
              "Address",
              "Outcome",
              "Agreed or failed",
              "Signature",
              "Client certificate",
              "Milliseconds",
            ].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {link.addresses.map(
            ({ address, outcome, version: tls, cipherSuite, group, failure }, index) => {
              const known = more.get(address);
              return (
                <tr key={index}>
                  <th scope="row">
                    <bdi>{address ?? "none"}</bdi>
                  </th>
                  <td>{outcome}</td>
                  <td>
                    <bdi>{failure ?? [tls, cipherSuite, group].filter(Boolean).join(" · ")}</bdi>
                    {known?.failureMessage ? (
                      <p class="soft">
                        <bdi>{known.failureMessage}</bdi>
                      </p>
                    ) : null}
                  </td>
                  <td>{[known?.signatureScheme, known?.alpn].filter(Boolean).join(" · ")}</td>
                  <td>
                    {known === undefined
                      ? ""
                      : known.clientCertificateRequested
                        ? "asked for"
                        : "not asked for"}
                  </td>
                  <td>{known === undefined ? "" : phaseWords(known.phases)}</td>
                </tr>
              );
            },
          )}
        </tbody>
      </table>
    </div>
  );
};
