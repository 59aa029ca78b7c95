import type { JSX } from "preact";
import type { ProfileVerdict } from "../api/judgement.ts";
import type { State } from "../api/types.ts";
import { Verdict } from "../ui/verdict.tsx";

const stateOf = ({ ok, severity }: ProfileVerdict): State =>
  ok ? (severity === null ? "ok" : "warning") : "broken";

/** What clients of every profile make of the same handshake, those that agree together. */
export const ProfileVerdicts = ({
  profiles,
}: {
  readonly profiles: readonly ProfileVerdict[];
}): JSX.Element => {
  const alike = Map.groupBy(profiles, (each) => JSON.stringify([stateOf(each), each.code]));
  const own = (members: readonly ProfileVerdict[]): boolean => members.some(({ isOwn }) => isOwn);
  const sorted = [...alike.values()].toSorted((a, b) => Number(own(b)) - Number(own(a)));
  return (
    <ul class="verdicts" role="list">
      {sorted.map((members) => {
        const shown = members.find(({ isOwn }) => isOwn) ?? members[0];
        if (shown === undefined) return null;
        const state = stateOf(shown);
        return (
          <li key={`${state} ${shown.code ?? ""}`} class="verdict-card" data-state={state}>
            <Verdict state={state} />
            <ul class="profiles" role="list" aria-label="Profiles">
              {members.map(({ profile, isOwn }) => (
                <li key={profile} data-own={isOwn ? "" : undefined}>
                  {profile}
                  {isOwn ? <span class="unseen"> (this client)</span> : null}
                </li>
              ))}
            </ul>
            <p>
              <bdi>{shown.headline ?? "Trusted, and the name fits"}</bdi>
            </p>
          </li>
        );
      })}
    </ul>
  );
};
