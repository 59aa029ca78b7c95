import { randomBytes } from "node:crypto";
import { systemReaders } from "../daemon/system-readers.ts";
import type { Alert, Notification } from "../daemon/alerts/alert.ts";
import type { Notifier } from "../daemon/notify/notifier.ts";
import { openNotifier } from "../daemon/notify/open-notifiers.ts";
import { formatProblem } from "../estate/estate.ts";
import { loadEstate } from "../estate/load-estate.ts";
import { suggest } from "../estate/suggest.ts";
import type { ResultCode } from "../report/exit-code.ts";
import { onScreen } from "../report/on-screen.ts";
import { UsageError } from "./usage-error.ts";

/** Milliseconds that a receiver has. */
const PATIENCE = 30_000;

/**
 * Sends a test message to notifiers and prints what came of it, a line each. Resolves to 0 when all took it, else 3.
 * @param names empty: all of the estate
 * @throws {UsageError}
 */
export async function testNotifiers(
  names: readonly string[],
  estateFile: string,
): Promise<ResultCode> {
  const loaded = await loadEstate(estateFile);
  if (!loaded.ok) throw new UsageError(loaded.error.map(formatProblem).join("\n"));
  const estate = loaded.value;
  const known = estate.notifiers.map(({ name }) => name);
  if (known.length === 0)
    throw new UsageError(`${estateFile} has no notifiers; describe them under notify`);
  for (const name of names)
    if (!known.includes(name)) {
      const meant = suggest(name, known);
      const hint = meant === null ? `known are ${known.join(", ")}` : `did you mean ${meant}?`;
      throw new UsageError(`The estate has no notifier ${JSON.stringify(name)}; ${hint}`);
    }
  const truststores = await Promise.all(
    estate.truststores.map(async (store) => ({
      name: store.name,
      store: await systemReaders.truststore(store),
    })),
  );
  const wanted = estate.notifiers.filter(({ name }) => names.length === 0 || names.includes(name));
  let code: ResultCode = 0;
  for (const described of wanted) {
    const opened = await openNotifier(described, {
      truststores,
      readSecret: systemReaders.secret,
      page: estate.alerts.page ?? "http://127.0.0.1:9643/",
      now: Date.now,
    });
    const failure = opened.ok ? await tell(opened.value) : opened.error;
    if (failure !== null) code = 3;
    const outcome = failure === null ? "took the test message" : onScreen(failure);
    process.stdout.write(`${described.name} (${described.kind}): ${outcome}\n`);
  }
  return code;
}

/** Sends a test message, and its end, which leaves nothing open; null, or why it was not taken. */
async function tell(notifier: Notifier): Promise<string | null> {
  const firing = testMessage(notifier.name, Date.now());
  const alert = { ...firing.alert, status: "resolved", resolvedAt: Date.now() } as const;
  const over: Notification = { ...firing, id: newId(), event: "resolved", alert };
  try {
    for (const message of notifier.resolved ? [firing, over] : [firing]) {
      const sent = await notifier.send(message, AbortSignal.timeout(PATIENCE));
      if (!sent.ok) return sent.error.message;
    }
    return null;
  } finally {
    await notifier.close();
  }
}

function testMessage(notifier: string, at: number): Notification {
  const alert: Alert = {
    id: newId(),
    key: JSON.stringify(["test", notifier]),
    rule: "test",
    severity: "info",
    labels: {},
    code: "link.broken",
    summary: "This is a test of Anchorwatch: nothing is wrong",
    remedy: [],
    links: [],
    breaksAt: null,
    status: "firing",
    since: at,
    firedAt: at,
    goneSince: null,
    resolvedAt: null,
    changes: [],
    muted: false,
    told: true,
  };
  return { id: newId(), notifier, event: "test", alert, createdAt: at };
}

const newId = (): string => randomBytes(16).toString("hex");
