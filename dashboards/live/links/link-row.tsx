import type { JSX } from "preact";
import { memo } from "preact/compat";
import type { Link } from "../api/types.ts";
import { stateOf } from "../model/states.ts";
import { now } from "../state/estate.ts";
import { hrefTo } from "../state/router.ts";
import { Moment } from "../ui/moment.tsx";
import { Verdict } from "../ui/verdict.tsx";

/** What there is to say about a link in one sentence. */
export const headlineOf = (link: Link): string => {
  if (link.headline) return link.headline;
  const state = stateOf(link);
  if (state === "pending") return "Not checked yet";
  return state === "ok" ? "Trusted, and the name fits" : "No reason given";
};

/** Milliseconds before a break from which its date stands out. */
const SOON = 45 * 86_400_000;

const breaksSoon = (link: Link): boolean =>
  stateOf(link) !== "broken" &&
  link.breaksAt !== null &&
  Date.parse(link.breaksAt) - now.value < SOON;

/** Since when a link is broken, or when it will be. */
export const Outlook = ({ link }: { readonly link: Link }): JSX.Element | null => {
  if (stateOf(link) === "broken")
    return link.since ? (
      <>
        First seen <Moment at={link.since} />
      </>
    ) : null;
  return link.breaksAt ? (
    <>
      Breaks <Moment at={link.breaksAt} />
    </>
  ) : null;
};

/** One link in a list. */
export const LinkRow = memo(({ link }: { readonly link: Link }): JSX.Element => {
  const { client, endpoint, profile } = link;
  const state = stateOf(link);
  return (
    <li class="link" data-client={client} data-endpoint={endpoint} data-state={state}>
      <a class="row" data-stop href={hrefTo(["links", client, endpoint])}>
        <Verdict state={state} />
        <h3 class="who">
          <bdi class="client">{client}</bdi>
          <span class="arrow" aria-hidden="true">
            →
          </span>
          <span class="unseen"> to </span>
          <bdi class="endpoint">{endpoint}</bdi>
        </h3>
        <p class="profile">
          <span class="unseen"> judged as </span>
          <bdi>{profile}</bdi>
        </p>
        <p class="headline">
          <bdi>{headlineOf(link)}</bdi>
        </p>
        <p class={breaksSoon(link) ? "outlook soon" : "outlook"}>
          <Outlook link={link} />
        </p>
      </a>
    </li>
  );
});
