import type { JSX } from "preact";
import { apiUrl } from "../api/ask.ts";
import type { Certificate } from "../api/types.ts";
import { counted, shortSubject } from "../model/words.ts";
import { verdictsVersion } from "../state/estate.ts";
import { changeQuery, hrefTo, place } from "../state/router.ts";
import { Answered } from "../ui/answered.tsx";
import { Empty } from "../ui/empty.tsx";
import { useAnswer } from "../ui/use-answer.ts";
import { ValidityBar } from "../ui/validity-bar.tsx";
import { ViewHead } from "../ui/view-head.tsx";

/** A certificate that servers send now. */
export interface SentNow extends Certificate {
  readonly places: readonly {
    readonly endpoint: string;
    readonly address: string | null;
    readonly position: number;
  }[];
  readonly links: number;
}

/** Rows that are drawn at once. */
const MOST_ROWS = 300;

const endpointsOf = ({ places }: SentNow): readonly string[] => [
  ...new Set(places.map(({ endpoint }) => endpoint)),
];

const matches = (certificate: SentNow, text: string): boolean => {
  const { subject, issuer, sha256 } = certificate;
  const inside = [subject, issuer, sha256, ...endpointsOf(certificate)].join("\n").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => inside.includes(word));
};

const Row = ({ certificate }: { readonly certificate: SentNow }): JSX.Element => {
  const { sha256, subject, issuer, notBefore, notAfter, places, links } = certificate;
  const endpoints = endpointsOf(certificate);
  const isLeaf = places.some(({ position }) => position === 0);
  return (
    <li class="certificate-row">
      <div>
        <p class="who">
          <a href={hrefTo(["certificates", sha256])} data-stop title={subject ?? ""}>
            <bdi>{shortSubject(subject)}</bdi>
          </a>
        </p>
        <p class="soft">
          {isLeaf ? "Server certificate" : "CA certificate"}
          {issuer === null ? null : (
            <>
              {" "}
              of <bdi>{shortSubject(issuer)}</bdi>
            </>
          )}
        </p>
        <p class="soft">
          <bdi>{endpoints.slice(0, 4).join(", ")}</bdi>
          {endpoints.length > 4 ? ` and ${endpoints.length - 4} more` : ""} ·{" "}
          {counted(links, "link")}
        </p>
      </div>
      <ValidityBar notBefore={notBefore} notAfter={notAfter} />
    </li>
  );
};

/** Certificates that servers send now, the first to expire first. */
export const CertificatesView = (): JSX.Element => {
  const answer = useAnswer<{ readonly certificates: readonly SentNow[] }>(
    apiUrl(["certificates"]),
    verdictsVersion.value,
  );
  const text = place.value.query.get("filter") ?? "";
  return (
    <>
      <ViewHead title="Certificates">What servers send now, the first to expire first</ViewHead>
      <form
        class="controls"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <label class="filter">
          <span class="unseen">
            Filter certificates by subject, issuer, endpoint or fingerprint
          </span>
          <input
            type="search"
            id="filter"
            placeholder="Filter by name, endpoint, fingerprint …"
            autocomplete="off"
            spellcheck={false}
            value={text}
            onInput={({ currentTarget: { value } }) =>
              changeQuery({ filter: value.trim() === "" ? null : value })
            }
          />
        </label>
      </form>
      <Answered answer={answer}>
        {({ certificates }) => {
          const found = certificates.filter((each) => matches(each, text));
          if (found.length === 0)
            return (
              <Empty>
                {certificates.length === 0 ? "No server sent a certificate yet" : "None matches"}
              </Empty>
            );
          return (
            <>
              <ul class="certificate-rows" role="list">
                {found.slice(0, MOST_ROWS).map((certificate) => (
                  <Row key={certificate.sha256} certificate={certificate} />
                ))}
              </ul>
              {found.length > MOST_ROWS ? (
                <p class="soft">{found.length - MOST_ROWS} more; filter to see them</p>
              ) : null}
            </>
          );
        }}
      </Answered>
    </>
  );
};
