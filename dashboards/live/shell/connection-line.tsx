import type { JSX } from "preact";
import { clockTime } from "../model/words.ts";
import { connection, heard } from "../state/estate.ts";

const words = (): string => {
  const data = heard.value === null ? "no data yet" : `data of ${clockTime(heard.value)}`;
  switch (connection.value) {
    case "connecting":
      return "Connecting";
    case "live":
      return "Live";
    case "polling":
      return `Asking now and then, ${data}`;
    case "reconnecting":
      return `Reconnecting, ${data}`;
  }
};

/** Says how fresh the data is: a page that has lost its daemon must not look as if all were well. */
export const ConnectionLine = (): JSX.Element => (
  <p class="connection" data-connection={connection.value}>
    <span class="dot" aria-hidden="true" />
    <span id="connection-words">{words()}</span>
  </p>
);
