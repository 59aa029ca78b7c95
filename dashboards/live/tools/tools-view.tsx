import type { JSX } from "preact";
import { hrefTo } from "../state/router.ts";
import { ViewHead } from "../ui/view-head.tsx";
import { CheckTool } from "./check-tool.tsx";
import { ExplainTool } from "./explain-tool.tsx";
import { PlanTool } from "./plan-tool.tsx";

const TOOLS = [
  ["explain", "Explain an error"],
  ["plan", "Try a change plan"],
  ["check", "Check now"],
] as const;

const Tool = ({ name }: { readonly name: string }): JSX.Element => {
  switch (name) {
    case "plan":
      return <PlanTool />;
    case "check":
      return <CheckTool />;
    default:
      return <ExplainTool />;
  }
};

/** What somebody can ask the daemon besides looking. */
export const ToolsView = ({ name }: { readonly name: string }): JSX.Element => (
  <>
    <ViewHead title={TOOLS.find(([path]) => path === name)?.[1] ?? "Explain an error"} />
    <nav class="tabs" aria-label="Tools">
      <ul>
        {TOOLS.map(([path, words]) => (
          <li key={path}>
            <a href={hrefTo(["tools", path])} aria-current={path === name ? "page" : undefined}>
              {words}
            </a>
          </li>
        ))}
      </ul>
    </nav>
    <Tool name={name} />
  </>
);
