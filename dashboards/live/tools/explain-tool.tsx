import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { counted } from "../model/words.ts";
import { hrefTo } from "../state/router.ts";
import { Empty } from "../ui/empty.tsx";
import { CopyButton } from "../ui/copy.tsx";
import { useRequest } from "./use-request.ts";

interface Problem {
  readonly says: string;
  readonly count: number;
  readonly excerpt: string;
  readonly causes: readonly {
    readonly case: string;
    readonly title: string;
    readonly codes: readonly string[];
    readonly look: string;
    readonly remedy: string;
  }[];
  readonly why: string;
  readonly notes: readonly string[];
  readonly check: { readonly command: string };
  readonly link: { readonly client: string | null; readonly endpoint: string } | null;
}

const Explained = ({ problem }: { readonly problem: Problem }): JSX.Element => {
  const { says, count, excerpt, causes, why, check, link } = problem;
  return (
    <li class="part">
      <h2>
        <bdi>{says}</bdi>
      </h2>
      <pre tabIndex={0}>{excerpt}</pre>
      <p class="soft">
        {count > 1 ? `${count} times. ` : ""}
        <bdi>{why}</bdi>
      </p>
      {link === null ? null : (
        <p>
          This is about{" "}
          <a
            href={
              link.client === null
                ? hrefTo(["links"], { endpoint: link.endpoint })
                : hrefTo(["links", link.client, link.endpoint])
            }
          >
            <bdi>{[link.client, link.endpoint].filter((name) => name !== null).join(" → ")}</bdi>
          </a>
        </p>
      )}
      <ol class="likely">
        {causes.map(({ case: id, title, codes, look, remedy }) => (
          <li key={id}>
            <h3>
              <bdi>{title}</bdi>
            </h3>
            <p>
              <strong>Look:</strong> <bdi>{look}</bdi>
            </p>
            <p>
              <strong>Repair:</strong> <bdi>{remedy}</bdi>
            </p>
            <p>
              {codes.map((code) => (
                <a key={code} class="code" href={hrefTo(["findings", code])}>
                  {code}
                </a>
              ))}
            </p>
          </li>
        ))}
      </ol>
      <p class="soft">This tells which of them it is:</p>
      <div class="command">
        <code>{check.command}</code>
        <CopyButton text={check.command} what="the check" />
      </div>
    </li>
  );
};

/** What a pasted error text or log means. */
export const ExplainTool = (): JSX.Element => {
  const text = useSignal("");
  const { isRunning, value, error, send } = useRequest<{ readonly problems: readonly Problem[] }>();
  return (
    <>
      <form
        class="tool"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.value.trim() !== "") send("api/v1/explain", { text: text.value });
        }}
      >
        <label for="error-text">Error text, stack trace or a piece of a log</label>
        <textarea
          id="error-text"
          rows={8}
          spellcheck={false}
          placeholder="javax.net.ssl.SSLHandshakeException: PKIX path building failed …"
          value={text.value}
          onInput={({ currentTarget: { value: typed } }) => {
            text.value = typed;
          }}
        />
        <button type="submit" disabled={isRunning}>
          Explain
        </button>
      </form>
      <div role="status">
        {error === null ? null : <p class="notice">{error}</p>}
        {value === null ? null : value.problems.length === 0 ? (
          <Empty>Nothing in this text is known as a failure of TLS</Empty>
        ) : (
          <p class="soft">{counted(value.problems.length, "problem")}</p>
        )}
      </div>
      <ul role="list">
        {value?.problems.map((problem, index) => (
          <Explained key={index} problem={problem} />
        ))}
      </ul>
    </>
  );
};
