import type { ComponentChildren, JSX } from "preact";
import { Empty } from "./empty.tsx";
import type { Answer } from "./use-answer.ts";

/** What an answer is shown as: the answer, why there is none, or that it is on its way. */
export const Answered = <T,>({
  answer: { value, error },
  children,
}: {
  readonly answer: Answer<T>;
  readonly children: (value: T) => ComponentChildren;
}): JSX.Element => {
  if (value === undefined) return <Empty>{error ?? "Asking the daemon"}</Empty>;
  return (
    <>
      {error === null ? null : (
        <p class="notice" role="status">
          {error}; this is what it said before
        </p>
      )}
      {children(value)}
    </>
  );
};
