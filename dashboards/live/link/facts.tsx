import type { JSX } from "preact";
import type { Link } from "../api/types.ts";
import { Moment } from "../ui/moment.tsx";

const answer = (value: boolean | null, yes: string, no: string): string =>
  value === null ? "Not known" : value ? yes : no;

/** The remaining facts about a link. */
export const Facts = ({ link }: { readonly link: Link }): JSX.Element => {
  const rows: readonly (readonly [string, JSX.Element | string | null])[] = [
    ["URL", <bdi>{link.url}</bdi>],
    ["Judged as", <bdi>{link.profile}</bdi>],
    [
      "Chain",
      link.trusted === null && link.ok === true
        ? "Not checked by this client"
        : answer(link.trusted, "Trusted", "Not trusted"),
    ],
    ["Name", answer(link.nameMatch, "Matches", "Does not match")],
    [
      "Checked",
      <span data-checked="">{link.checkedAt ? <Moment at={link.checkedAt} /> : "Not yet"}</span>,
    ],
    ["In this state since", link.since ? <Moment at={link.since} /> : null],
    ["Breaks", link.breaksAt ? <Moment at={link.breaksAt} /> : null],
    ...Object.entries(link.labels).map(([name, value]) => [name, <bdi>{value}</bdi>] as const),
  ];
  return (
    <dl class="facts">
      {rows.map(([name, value]) =>
        value === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
};
