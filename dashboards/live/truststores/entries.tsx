import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { apiUrl } from "../api/ask.ts";
import type { Certificate, LinkName } from "../api/types.ts";
import { counted, dayText, shortSubject } from "../model/words.ts";
import { now, verdictsVersion } from "../state/estate.ts";
import { hrefTo } from "../state/router.ts";
import { LinkChips } from "../ui/link-chips.tsx";
import { useAnswer } from "../ui/use-answer.ts";

interface Entry extends Certificate {
  readonly alias: string | null;
  readonly kind: "certificate" | "key";
  readonly neededBy: readonly LinkName[];
}

/** Entries that are drawn at once: a store of an operating system has some hundreds. */
const AT_ONCE = 40;

const Needed = ({ links }: { readonly links: readonly LinkName[] }): JSX.Element => {
  if (links.length === 0) return <span class="unneeded">No trusted link needs it</span>;
  if (links.length <= 3) return <LinkChips links={links} />;
  return (
    <details>
      <summary>{counted(links.length, "link")}</summary>
      <LinkChips links={links} />
    </details>
  );
};

const until = (time: string | null): JSX.Element | string => {
  const end = Date.parse(time ?? "");
  if (Number.isNaN(end)) return "";
  return end < now.value ? <span class="fault">expired {dayText(end)}</span> : dayText(end);
};

/** What a truststore holds, and which links end in each anchor. */
export const Entries = ({ store }: { readonly store: string }): JSX.Element | null => {
  const all = useSignal(false);
  const { value, error } = useAnswer<{ readonly entries: readonly Entry[] }>(
    apiUrl(["truststores", store]),
    verdictsVersion.value,
  );
  if (value === undefined) return error === null ? null : <p class="soft">{error}</p>;
  const { entries } = value;
  if (entries.length === 0) return null;
  // what matters comes first
  const sorted = entries.toSorted((a, b) => b.neededBy.length - a.neededBy.length);
  const shown = all.value ? sorted : sorted.slice(0, AT_ONCE);
  const unneeded = entries.filter(({ neededBy }) => neededBy.length === 0).length;
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label={`Entries of ${store}`}>
        <table class="entries">
          <thead>
            <tr>
              {["Certificate", "Alias", "Until", "Needed by"].map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ sha256, subject, alias, kind, notAfter, neededBy }, index) => (
              <tr key={index} data-needed={neededBy.length}>
                <th scope="row">
                  <a href={hrefTo(["certificates", sha256])} title={subject ?? ""}>
                    <bdi>{shortSubject(subject)}</bdi>
                  </a>
                </th>
                <td>
                  <bdi>{alias ?? ""}</bdi>
                </td>
                <td>{until(notAfter)}</td>
                <td>{kind === "key" ? "A key, no anchor" : <Needed links={neededBy} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {unneeded > 0 && entries.length > 3 ? (
        <p class="soft">
          {unneeded} of {counted(entries.length, "entry").replace("entrys", "entries")} are needed
          by no link that works.
        </p>
      ) : null}
      {sorted.length > shown.length ? (
        <button
          type="button"
          onClick={() => {
            all.value = true;
          }}
        >
          Show all {sorted.length}
        </button>
      ) : null}
    </>
  );
};
