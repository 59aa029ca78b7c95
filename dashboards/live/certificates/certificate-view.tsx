import type { JSX } from "preact";
import { apiUrl } from "../api/ask.ts";
import type { CertificateDetail } from "../api/certificate-detail.ts";
import { shortSubject } from "../model/words.ts";
import { linkList } from "../state/estate.ts";
import { hrefTo } from "../state/router.ts";
import { Answered } from "../ui/answered.tsx";
import { DecodedFacts } from "../ui/decoded.tsx";
import { LinkChips } from "../ui/link-chips.tsx";
import { Moment } from "../ui/moment.tsx";
import { useAnswer } from "../ui/use-answer.ts";
import { ValidityBar } from "../ui/validity-bar.tsx";
import { ViewHead } from "../ui/view-head.tsx";

/** One certificate: decoded, where it was seen, and which links it is part of. */
export const CertificateView = ({ sha256 }: { readonly sha256: string }): JSX.Element => {
  const answer = useAnswer<CertificateDetail>(apiUrl(["certificates", sha256]), "");
  const links = linkList.value.filter(({ chain }) => chain.some((each) => each.sha256 === sha256));
  return (
    <>
      <ViewHead title={<bdi>{shortSubject(answer.value?.subject ?? sha256.slice(0, 16))}</bdi>}>
        <a href={hrefTo(["certificates"])}>All certificates</a>
      </ViewHead>
      <Answered answer={answer}>
        {(certificate) => (
          <>
            <section class="part" aria-label="Validity">
              <ValidityBar notBefore={certificate.notBefore} notAfter={certificate.notAfter} />
            </section>
            {links.length === 0 ? null : (
              <section class="part" aria-label="Links">
                <h2>Links whose server sends it</h2>
                <LinkChips links={links} />
              </section>
            )}
            <section class="part" aria-label="Decoded">
              <h2>Decoded</h2>
              <DecodedFacts certificate={certificate} />
            </section>
            {certificate.seen.length === 0 ? null : (
              <section class="part" aria-label="Where it was seen">
                <h2>Where it was seen</h2>
                <div class="scroll">
                  <table>
                    <thead>
                      <tr>
                        {["Endpoint", "Address", "First", "Last"].map((title) => (
                          <th key={title} scope="col">
                            {title}
                          </th>
                        ))}
                      </tr>
                    </thead>
                    <tbody>
                      {certificate.seen.map(({ endpoint, address, firstSeen, lastSeen }, index) => (
                        <tr key={index}>
                          <th scope="row">
                            <bdi>{endpoint}</bdi>
                          </th>
                          <td>{address}</td>
                          <td>{firstSeen === null ? "" : <Moment at={firstSeen} />}</td>
                          <td>{lastSeen === null ? "" : <Moment at={lastSeen} />}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </section>
            )}
          </>
        )}
      </Answered>
    </>
  );
};
