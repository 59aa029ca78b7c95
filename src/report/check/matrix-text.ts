import type { Assessment } from "../../diagnosis/assessment.ts";
import { columnsOf, cutTo } from "../columns.ts";
import { onScreen } from "../on-screen.ts";
import type { Paint, Style } from "../paint.ts";
import { type ClientRow, clientRow } from "./client-row.ts";

const SIGNS: Readonly<Record<ClientRow["state"], readonly [sign: string, style: Style]>> = {
  works: ["✓", "green"],
  "works-until": ["!", "yellow"],
  broken: ["✗", "red"],
  unchecked: ["?", "yellow"],
};

/** Sign and colour of a state. */
export function stateSign(state: ClientRow["state"]): readonly [sign: string, style: Style] {
  return SIGNS[state];
}

const HEAD = { client: "client", verdict: "verdict", until: "works until", prints: "it prints" };

/** Widest column of clients. */
const MAX_CLIENT = 28;

/** The verdicts of several clients, a line each; what they print is cut to the line. */
export function matrixText(
  assessments: readonly Assessment[],
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): string {
  const rows = assessments.map(clientRow);
  const clients = Math.min(
    MAX_CLIENT,
    Math.max(HEAD.client.length, ...rows.map(({ client }) => columnsOf(client))),
  );
  const verdicts = Math.max(HEAD.verdict.length, ...rows.map(({ verdict }) => verdict.length));
  const prints = columns - 4 - clients - 2 - verdicts - 2 - HEAD.until.length - 2;
  const line = ({ client, verdict, until, prints: text }: typeof HEAD): string =>
    [
      padded(cutTo(onScreen(client), clients), clients),
      padded(verdict, verdicts),
      padded(until, HEAD.until.length),
      prints < 12 ? "" : cutTo(onScreen(text), prints),
    ]
      .join("  ")
      .trimEnd();
  return [
    `    ${paint("dim", line({ ...HEAD, prints: prints < 12 ? "" : HEAD.prints }))}`,
    ...rows.map((row) => {
      const [sign, style] = SIGNS[row.state];
      return `  ${paint(style, sign)} ${line(row)}`;
    }),
  ].join("\n");
}

function padded(text: string, width: number): string {
  return `${text}${" ".repeat(Math.max(0, width - columnsOf(text)))}`;
}
