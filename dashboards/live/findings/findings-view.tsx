import type { JSX } from "preact";
import { apiUrl } from "../api/ask.ts";
import type { LinkName, Severity } from "../api/types.ts";
import { counted } from "../model/words.ts";
import { verdictsVersion } from "../state/estate.ts";
import { hrefTo } from "../state/router.ts";
import { Answered } from "../ui/answered.tsx";
import { Empty } from "../ui/empty.tsx";
import { LinkChips } from "../ui/link-chips.tsx";
import { Markdown } from "../ui/markdown.tsx";
import { Moment } from "../ui/moment.tsx";
import { Remedy } from "../ui/remedy.tsx";
import { useAnswer } from "../ui/use-answer.ts";
import { SeverityMark } from "../ui/verdict.tsx";
import { ViewHead } from "../ui/view-head.tsx";

/** What links have in common that breaks or threatens them. */
export interface Cause {
  readonly id: string;
  readonly code: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly remedy: readonly string[];
  readonly links: readonly LinkName[];
  readonly since: string | null;
}

const CauseCard = ({ cause }: { readonly cause: Cause }): JSX.Element => {
  const { code, severity, summary, remedy, links, since } = cause;
  return (
    <li class="cause" data-severity={severity} data-code={code}>
      <p class="cause-head">
        <SeverityMark severity={severity} />
        <a class="code" href={hrefTo(["findings", code])} data-stop>
          {code}
        </a>
        <span class="soft">
          {counted(links.length, "link")}
          {since === null ? null : (
            <>
              , since <Moment at={since} />
            </>
          )}
        </span>
      </p>
      <p class="cause-summary">
        <bdi>{summary}</bdi>
      </p>
      <LinkChips links={links} />
      {remedy.length === 0 ? null : (
        <details>
          <summary>What to do</summary>
          <Remedy steps={remedy} />
        </details>
      )}
    </li>
  );
};

interface FindingPage {
  readonly title: string;
  readonly page: string | null;
}

/** The page about a code, without its first heading, which stands above. */
const About = ({ code }: { readonly code: string }): JSX.Element | null => {
  const { value } = useAnswer<FindingPage>(apiUrl(["codes", code]), "");
  if (value === undefined || value.page === null) return null;
  return (
    <section class="part" aria-label={`About ${code}`}>
      <Markdown text={value.page.replace(/^# [^\n]*\n/u, "")} />
    </section>
  );
};

/** Findings of all links, each cause once. @param code - Shows one kind of them alone, with its page. */
export const FindingsView = ({ code }: { readonly code: string | null }): JSX.Element => {
  // alerts have codes, too, that no finding has
  const isFinding =
    code === null || (/^[a-z-]+\.[a-z-]+$/u.test(code) && !code.startsWith("link."));
  const query = code === null ? "" : `?code=${encodeURIComponent(code)}`;
  const answer = useAnswer<{ readonly findings: readonly Cause[] }>(
    isFinding ? apiUrl(["findings"], query) : null,
    verdictsVersion.value,
  );
  return (
    <>
      <ViewHead title={code === null ? "Findings" : code}>
        {code === null ? (
          "Each cause once, the gravest and widest first"
        ) : (
          <a href={hrefTo(["findings"])}>All findings</a>
        )}
      </ViewHead>
      {isFinding ? null : (
        <Empty>No finding has this code; alerts about dates and the watcher do</Empty>
      )}
      <Answered answer={isFinding ? answer : { ...answer, value: { findings: [] } }}>
        {({ findings }) =>
          !isFinding ? null : findings.length === 0 ? (
            <Empty>{code === null ? "Nothing is wrong" : "No link has this finding now"}</Empty>
          ) : (
            <ul class="causes" role="list">
              {findings.map((cause) => (
                <CauseCard key={cause.id} cause={cause} />
              ))}
            </ul>
          )
        }
      </Answered>
      {code === null || !isFinding ? null : <About code={code} />}
    </>
  );
};
