import type { JSX } from "preact";
import { isCommand } from "../model/words.ts";
import { CopyButton } from "./copy.tsx";

/** What to do, step by step; commands can be copied. */
export const Remedy = ({ steps }: { readonly steps: readonly string[] }): JSX.Element | null =>
  steps.length === 0 ? null : (
    <ol class="remedy">
      {steps.map((step, index) =>
        isCommand(step) ? (
          <li key={index} class="command">
            <code>{step}</code>
            <CopyButton text={step} what={`step ${index + 1}`} />
          </li>
        ) : (
          <li key={index}>
            <bdi>{step}</bdi>
          </li>
        ),
      )}
    </ol>
  );
