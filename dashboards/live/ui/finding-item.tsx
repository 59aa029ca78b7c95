import type { JSX } from "preact";
import type { Finding } from "../api/types.ts";
import { hrefTo } from "../state/router.ts";
import { Remedy } from "./remedy.tsx";
import { SeverityMark } from "./verdict.tsx";

/** A finding with what repairs it. */
export const FindingItem = ({ finding }: { readonly finding: Finding }): JSX.Element => {
  const { code, severity, summary, remedy } = finding;
  return (
    <li class="finding" data-severity={severity} data-code={code}>
      <p class="severity">
        <SeverityMark severity={severity} />
        <a class="code" href={hrefTo(["findings", code])}>
          {code}
        </a>
      </p>
      <p class="summary">
        <bdi>{summary}</bdi>
      </p>
      <Remedy steps={remedy} />
    </li>
  );
};
