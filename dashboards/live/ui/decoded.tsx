import type { JSX } from "preact";
import { apiUrl } from "../api/ask.ts";
import type { CertificateDetail } from "../api/certificate-detail.ts";
import { calendarTime } from "../model/words.ts";
import { CopyButton } from "./copy.tsx";
import { Icon } from "./icon.tsx";
import { saveFile } from "./save-file.ts";
import { useAnswer } from "./use-answer.ts";

/** Pairs of a fingerprint, as people compare it. */
export const fingerprintText = (sha256: string): string =>
  (sha256.toUpperCase().match(/../gu) ?? []).join(":");

const timeWords = (time: string | null): string =>
  time === null ? "not readable" : calendarTime(Date.parse(time));

/** Everything that a certificate says. */
export const DecodedFacts = ({
  certificate,
}: {
  readonly certificate: CertificateDetail;
}): JSX.Element => {
  const { subject, issuer, serial, notBefore, notAfter, sha256, details = null, pem } = certificate;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ["Subject", subject],
    ["Issuer", issuer],
    ["Serial number", serial],
    ["Valid from", timeWords(notBefore)],
    ["Valid until", timeWords(notAfter)],
    ["Key", details?.key],
    ["Signature", details?.signatureAlgorithm],
    ["SHA-256", fingerprintText(sha256)],
    ...(details?.extensions ?? []).map(
      ({ name, critical, value }) => [`${name}${critical ? " (critical)" : ""}`, value] as const,
    ),
  ];
  return (
    <>
      <dl class="decoded">
        {facts.map(([name, value], index) =>
          value === null || value === undefined ? null : (
            <div key={index}>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ),
        )}
      </dl>
      <div class="pem">
        <pre tabIndex={0}>{pem.trimEnd()}</pre>
        <CopyButton text={pem} what="the certificate as PEM" />
        <button type="button" onClick={() => saveFile(`${sha256.slice(0, 16)}.pem`, pem)}>
          <Icon name="download" /> PEM
        </button>
      </div>
    </>
  );
};

/** A certificate that is asked for by its fingerprint, decoded. */
export const Decoded = ({ sha256 }: { readonly sha256: string }): JSX.Element => {
  const { value, error } = useAnswer<CertificateDetail>(apiUrl(["certificates", sha256]), "");
  if (value === undefined) return <p class="soft">{error ?? "Decoding"}</p>;
  return <DecodedFacts certificate={value} />;
};
