import type { JSX } from "preact";
import { apiUrl } from "../api/ask.ts";
import { counted } from "../model/words.ts";
import { verdictsVersion } from "../state/estate.ts";
import { hrefTo } from "../state/router.ts";
import { Answered } from "../ui/answered.tsx";
import { Empty } from "../ui/empty.tsx";
import { Icon } from "../ui/icon.tsx";
import { Moment } from "../ui/moment.tsx";
import { useAnswer } from "../ui/use-answer.ts";
import { ViewHead } from "../ui/view-head.tsx";
import { Entries } from "./entries.tsx";

/** A truststore of the estate. */
export interface Truststore {
  readonly name: string;
  readonly paths: readonly string[];
  readonly clients: readonly string[];
  readonly loaded: boolean;
  readonly anchors: number | null;
  readonly earliestExpiry: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

const StoreCard = ({
  store,
  isOpen,
}: {
  readonly store: Truststore;
  readonly isOpen: boolean;
}): JSX.Element => {
  const { name, paths, clients, anchors, earliestExpiry, error } = store;
  return (
    <li class="part store" data-store={name}>
      <div class="group-head">
        <h2>
          <a href={hrefTo(["truststores", name])} data-stop>
            <bdi>{name}</bdi>
          </a>
        </h2>
        <p class="soft">
          {error === null ? (
            <>
              {counted(anchors ?? 0, "anchor")}
              {earliestExpiry === null ? null : (
                <>
                  , the first ends <Moment at={earliestExpiry} />
                </>
              )}
            </>
          ) : (
            <span class="state" data-verdict="broken">
              <Icon name="broken" />
              <bdi>{error.message}</bdi>
            </span>
          )}
        </p>
      </div>
      <p class="soft">
        <bdi>{paths.join(", ")}</bdi>
      </p>
      <p class="soft">
        {clients.length === 0 ? (
          "No client uses it"
        ) : (
          <>
            Used by <bdi>{clients.join(", ")}</bdi>
          </>
        )}
      </p>
      {isOpen ? <Entries store={name} /> : null}
    </li>
  );
};

/** Stores whose entries are shown at once where nobody chose one. */
const FEW = 30;

/** Truststores with what they hold. @param name - Shows one alone. */
export const TruststoresView = ({ name }: { readonly name: string | null }): JSX.Element => {
  const answer = useAnswer<{ readonly truststores: readonly Truststore[] }>(
    apiUrl(["truststores"]),
    verdictsVersion.value,
  );
  return (
    <>
      <ViewHead title={name === null ? "Truststores" : <bdi>{name}</bdi>}>
        {name === null ? (
          "What clients trust, and which links need it"
        ) : (
          <a href={hrefTo(["truststores"])}>All truststores</a>
        )}
      </ViewHead>
      <Answered answer={answer}>
        {({ truststores }) => {
          const shown = truststores.filter((store) => name === null || store.name === name);
          if (shown.length === 0)
            return (
              <Empty>
                {name === null
                  ? "The estate names no truststores"
                  : "The estate has no such truststore"}
              </Empty>
            );
          return (
            <ul role="list">
              {shown.map((store) => (
                <StoreCard key={store.name} store={store} isOpen={shown.length <= FEW} />
              ))}
            </ul>
          );
        }}
      </Answered>
    </>
  );
};
