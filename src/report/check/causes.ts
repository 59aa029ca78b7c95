import type { Assessment } from "../../diagnosis/assessment.ts";
import type { Finding, Severity } from "../../diagnosis/finding.ts";

/** What clients print, and which of them print exactly that. */
export interface Printed {
  readonly clients: readonly string[];
  readonly text: string;
}

/** One finding, said once for all clients that it concerns. */
export interface Cause {
  /** As the client tells it that is hit worst. */
  readonly finding: Finding;
  /** Names of the clients that it hits as hard as that, in the order in which they were asked for. */
  readonly clients: readonly string[];
  /** Names of clients that it hits less hard. */
  readonly milder: readonly string[];
  /** What they print, equal texts once; empty where the finding is not what they complain about. */
  readonly printed: readonly Printed[];
  /** Repair for all of them: where only the verifying client differs, one command verifies as all of them. */
  readonly remedy: readonly string[];
}

const ORDER: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

/**
 * The findings of several clients about one answer: a cause that several share comes once. In order of rank: the
 * severity, then the place that the clients' own order gives it.
 */
export function causesOf(assessments: readonly Assessment[]): readonly Cause[] {
  const told = assessments.flatMap(({ client, findings }) =>
    findings.map((finding, rank) => ({ client: client.name, finding, rank })),
  );
  const groups = [...Map.groupBy(told, ({ finding }) => causeKey(finding)).values()];
  const ranked = groups.flatMap((group) => {
    const worst = group.toSorted(
      (a, b) => ORDER[a.finding.severity] - ORDER[b.finding.severity] || a.rank - b.rank,
    )[0];
    return worst === undefined ? [] : [{ worst, group }];
  });
  return ranked
    .toSorted(
      (a, b) =>
        ORDER[a.worst.finding.severity] - ORDER[b.worst.finding.severity] ||
        a.worst.rank - b.worst.rank,
    )
    .map(({ worst, group }) => ({
      finding: worst.finding,
      clients: clientsOf(group, (severity) => severity === worst.finding.severity),
      milder: clientsOf(group, (severity) => severity !== worst.finding.severity),
      printed: printedBy(group),
      remedy: commonRemedy(
        worst.finding.remedy,
        group.map(({ finding }) => finding.remedy),
      ),
    }));
}

function clientsOf(
  group: readonly { readonly client: string; readonly finding: Finding }[],
  isWanted: (severity: Severity) => boolean,
): readonly string[] {
  return group.filter(({ finding }) => isWanted(finding.severity)).map(({ client }) => client);
}

/** For whom a cause is one, as words behind `for`. */
export function concernedText({ clients, milder }: Pick<Cause, "clients" | "milder">): string {
  return milder.length === 0
    ? clients.join(", ")
    : `${clients.join(", ")} (less grave for ${milder.join(", ")})`;
}

/** What makes two findings the same cause: the code, and the certificates and the store that it is about. */
export function causeKey({ code, evidence }: Finding): string {
  return [code, evidence.truststore ?? "", ...evidence.certificates].join("\n");
}

function printedBy(
  group: readonly { readonly client: string; readonly finding: Finding }[],
): readonly Printed[] {
  const texts = Map.groupBy(
    group.filter(({ finding }) => finding.clientMessage !== null),
    ({ finding }) => finding.clientMessage ?? "",
  );
  return [...texts].map(([text, told]) => ({ text, clients: told.map(({ client }) => client) }));
}

const VERIFYING = /^(anchorwatch check .*) --as (\S+)$/;

/** The worst client's remedy, whose verifying step asks for every client with the same steps. */
function commonRemedy(
  remedy: readonly string[],
  all: readonly (readonly string[])[],
): readonly string[] {
  const last = remedy.at(-1);
  const [, command] = VERIFYING.exec(last ?? "") ?? [];
  if (command === undefined) return remedy;
  const profiles = new Set(
    all.flatMap((steps) => {
      const [, other, profile] = VERIFYING.exec(steps.at(-1) ?? "") ?? [];
      return other === command && profile !== undefined ? [profile] : [];
    }),
  );
  const asked = [...profiles].map((profile) => ` --as ${profile}`).join("");
  return [...remedy.slice(0, -1), `${command}${asked}`];
}
