import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { surroundingsOf } from "../remedies/surroundings.ts";
import { SYSTEMS } from "../remedies/system-table.ts";
import { verifyStep } from "../remedies/verify-step.ts";
import type { Situation } from "../situation.ts";
import { dateText } from "../words.ts";

/** The file was written after the process was started, so that the process may still use what stood there before (A20). */
export function processOutdatedFinding(situation: Situation): Finding | null {
  const { store, running, profile } = situation;
  if (running === null) return null;
  const { startedAt, storeChangedAt } = running;
  if (storeChangedAt <= startedAt) return null;
  return makeFinding("truststore.process-outdated", {
    severity: "warning",
    summary: `${store.name} was changed on ${dateText(storeChangedAt)}, after ${situation.clientName} was started on ${dateText(startedAt)}: until a restart, ${profile.title} goes by what it read then`,
    remedy: [...SYSTEMS[surroundingsOf(situation).client].client.restart, verifyStep(situation)],
    truststore: store.name,
    time: storeChangedAt,
  });
}
