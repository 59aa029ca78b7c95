import { HELLO_NAMES, type HelloName, knownHello } from "../hellos/known-hellos.ts";
import type { Handshake } from "../handshake.ts";
import { readAnswer } from "./answer.ts";
import type { Interview } from "./interview.ts";
import type { ClientSurvey } from "./survey-record.ts";

/** Sends the hello of every known kind of client; kinds that say the same hello share one answer. */
export function surveyClients(interview: Interview): Promise<readonly ClientSurvey[]> {
  const answers = new Map<string, Promise<Handshake>>();
  return Promise.all(
    HELLO_NAMES.map(async (client) => {
      const { shape } = knownHello(client);
      const key = JSON.stringify(shape);
      const answer = answers.get(key) ?? interview.ask({ shape, until: ["signature", "finished"] });
      answers.set(key, answer);
      return clientSurvey(client, await answer);
    }),
  );
}

/** A client connects when both sides have everything in common that the server's first flight needs. */
function clientSurvey(client: HelloName, handshake: Handshake): ClientSurvey {
  const enough =
    handshake.outcome === "complete" ||
    handshake.signatureScheme !== null ||
    (handshake.failure?.code === "cancelled" && handshake.cipherSuite !== null);
  const answer = readAnswer(handshake, enough);
  return {
    client,
    connects: answer.kind === "unclear" ? null : answer.kind === "accepted",
    version: handshake.version,
    cipherSuite: handshake.cipherSuite,
    group: handshake.group,
    failure: answer.kind === "accepted" ? null : answer.failure,
  };
}
