import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { readLinks } from "../api/read-link.ts";
import { headlineOf } from "../links/link-row.tsx";
import { keyOf, stateOf } from "../model/states.ts";
import { linkList } from "../state/estate.ts";
import { hrefTo } from "../state/router.ts";
import { FindingItem } from "../ui/finding-item.tsx";
import { Verdict } from "../ui/verdict.tsx";
import { useRequest } from "./use-request.ts";

const names = (each: "client" | "endpoint"): readonly string[] =>
  [...new Set(linkList.value.map((link) => link[each]))].toSorted();

/** Looks at an endpoint, or at a target that the estate allows, at once. */
export const CheckTool = (): JSX.Element => {
  const target = useSignal("");
  const client = useSignal("");
  const { isRunning, value, error, send } = useRequest<{ readonly links: unknown }>();
  const endpoints = names("endpoint");
  return (
    <>
      <form
        class="tool"
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = target.value.trim();
          if (wanted === "") return;
          send("api/v1/check", {
            ...(endpoints.includes(wanted) ? { endpoint: wanted } : { target: wanted }),
            ...(client.value === "" ? {} : { client: client.value }),
          });
        }}
      >
        <label for="check-target">Endpoint of the estate, or a target that http.allow lists</label>
        <input
          id="check-target"
          type="text"
          list="check-endpoints"
          autocomplete="off"
          spellcheck={false}
          placeholder="bpm-east, or https://host.example.com:8443"
          value={target.value}
          onInput={({ currentTarget: { value: typed } }) => {
            target.value = typed;
          }}
        />
        <datalist id="check-endpoints">
          {endpoints.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <label for="check-client">As client</label>
        <select
          id="check-client"
          value={client.value}
          onChange={({ currentTarget: { value: chosen } }) => {
            client.value = chosen;
          }}
        >
          <option value="">every one that depends on it</option>
          {names("client").map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <button type="submit" disabled={isRunning}>
          {isRunning ? "Checking" : "Check"}
        </button>
        <p class="soft">The result is shown here and recorded nowhere.</p>
      </form>
      <div role="status">{error === null ? null : <p class="notice">{error}</p>}</div>
      <ul role="list">
        {readLinks(value?.links).map((link) => (
          <li key={keyOf(link)} class="part" data-checked-link={link.client}>
            <h2>
              <a href={hrefTo(["links", link.client, link.endpoint])}>
                <bdi>{link.client}</bdi> → <bdi>{link.endpoint}</bdi>
              </a>
            </h2>
            <p class="link-lead">
              <Verdict state={stateOf(link)} />
              <bdi>{headlineOf(link)}</bdi>
            </p>
            <ol class="findings">
              {link.findings.map((finding, index) => (
                <FindingItem key={index} finding={finding} />
              ))}
            </ol>
          </li>
        ))}
      </ul>
    </>
  );
};
