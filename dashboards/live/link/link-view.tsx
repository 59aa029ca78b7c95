import type { ComponentChildren, JSX } from "preact";
import { apiUrl } from "../api/ask.ts";
import type { Judgement } from "../api/judgement.ts";
import type { Link } from "../api/types.ts";
import { headlineOf, Outlook } from "../links/link-row.tsx";
import { keyOf, stateOf } from "../model/states.ts";
import { heard, links } from "../state/estate.ts";
import { hrefTo } from "../state/router.ts";
import { CopyButton } from "../ui/copy.tsx";
import { Empty } from "../ui/empty.tsx";
import { FindingItem } from "../ui/finding-item.tsx";
import { Remedy } from "../ui/remedy.tsx";
import { useAnswer } from "../ui/use-answer.ts";
import { Verdict } from "../ui/verdict.tsx";
import { Chain } from "./chain.tsx";
import { Downloads } from "./downloads.tsx";
import { Facts } from "./facts.tsx";
import { HandshakeFacts } from "./handshake-facts.tsx";
import { PathGraph } from "./path-graph.tsx";
import { ProfileVerdicts } from "./profile-verdicts.tsx";
import { TimeLine } from "./time-line.tsx";

/** A part of the view under its heading. */
const Part = ({
  title,
  id,
  children,
}: {
  readonly title: string;
  readonly id: string;
  readonly children: ComponentChildren;
}): JSX.Element => (
  <section class="part" id={id} aria-label={title}>
    <h2>{title}</h2>
    {children}
  </section>
);

interface Detail {
  readonly attachments?: readonly { readonly fileName: string; readonly pem: string }[];
}

const messageOf = ({ clientMessage, findings }: Link): string | null =>
  [clientMessage, ...findings.map((finding) => finding.clientMessage)].find(
    (text) => typeof text === "string" && text !== "",
  ) ?? null;

/** What tells two states of a link apart for everything that is asked for beside it. */
const versionOf = (link: Link): string =>
  JSON.stringify([link.state, link.since, link.headline, link.chain.map(({ sha256 }) => sha256)]);

const Known = ({ link }: { readonly link: Link }): JSX.Element => {
  const { client, endpoint, findings, chain, addresses, profile } = link;
  const version = versionOf(link);
  const detail = useAnswer<Detail>(apiUrl(["links", client, endpoint]), version);
  const judgement = useAnswer<Judgement>(
    apiUrl(["links", client, endpoint, "judgement"]),
    version,
  ).value;
  const [headline, ...others] = findings;
  const message = messageOf(link);
  return (
    <article class="link-view" data-state={stateOf(link)}>
      <header class="link-head" data-state={stateOf(link)}>
        <p class="crumbs">
          <a href={hrefTo(["links"])}>Links</a>
          <span aria-hidden="true"> / </span>
          <span>
            judged as <bdi>{profile}</bdi>
          </span>
        </p>
        <h1>
          <a href={hrefTo(["links"], { client })}>
            <bdi class="client">{client}</bdi>
          </a>
          <span class="arrow" aria-hidden="true">
            →
          </span>
          <span class="unseen"> to </span>
          <a href={hrefTo(["links"], { endpoint })}>
            <bdi class="endpoint">{endpoint}</bdi>
          </a>
        </h1>
        <p class="link-lead">
          <Verdict state={stateOf(link)} />
          <span class="soft">
            <Outlook link={link} />
          </span>
          {headline === undefined ? null : (
            <a class="code" href={hrefTo(["findings", headline.code])}>
              {headline.code}
            </a>
          )}
        </p>
        <p class="link-headline">
          <bdi>{headlineOf(link)}</bdi>
        </p>
      </header>
      {headline !== undefined && headline.remedy.length > 0 ? (
        <Part title="What to do" id="remedy">
          <Remedy steps={headline.remedy} />
        </Part>
      ) : null}
      {judgement !== undefined && judgement.paths.length > 0 ? (
        <Part title="The ways that were tried" id="paths">
          <PathGraph judgement={judgement} />
        </Part>
      ) : null}
      {message === null ? null : (
        <Part title="What the client prints" id="message">
          <div class="pem">
            <pre tabIndex={0}>{message}</pre>
            <CopyButton text={message} what="what the client prints" />
          </div>
        </Part>
      )}
      {others.length === 0 ? null : (
        <Part title="Also found" id="findings">
          <ol class="findings">
            {others.map((finding, index) => (
              <FindingItem key={`${index} ${finding.code}`} finding={finding} />
            ))}
          </ol>
        </Part>
      )}
      {judgement === undefined ? null : (
        <Part title="As other clients would judge the same" id="profiles">
          <ProfileVerdicts profiles={judgement.profiles} />
        </Part>
      )}
      {addresses.length === 0 ? null : (
        <Part title="Handshake" id="handshake">
          <HandshakeFacts link={link} version={version} />
        </Part>
      )}
      <Part title="Time line" id="time-line">
        <TimeLine link={link} version={version} />
      </Part>
      {chain.length === 0 ? null : (
        <Part title="Chain as sent" id="chain">
          <Chain chain={chain} />
        </Part>
      )}
      <Part title="Downloads" id="downloads">
        <Downloads link={link} attachments={detail.value?.attachments ?? []} />
      </Part>
      <Part title="Facts" id="facts">
        <Facts link={link} />
      </Part>
    </article>
  );
};

/** Everything about one link. */
export const LinkView = ({
  client,
  endpoint,
}: {
  readonly client: string;
  readonly endpoint: string;
}): JSX.Element => {
  const link = links.value.get(keyOf({ client, endpoint }));
  if (link !== undefined) return <Known link={link} />;
  return (
    <>
      <h1>
        <bdi>{client}</bdi> → <bdi>{endpoint}</bdi>
      </h1>
      <Empty>
        {heard.value === null ? "Waiting for the first data" : "The estate has no such link. "}
        <a href={hrefTo(["links"])}>All links</a>
      </Empty>
    </>
  );
};
