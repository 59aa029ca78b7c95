import { HELLO_NAMES, type HelloName, knownHello } from "../hellos/known-hellos.ts";
import { readAnswer } from "./answer.ts";
import type { Interview } from "./interview.ts";
import type { ClientSurvey } from "./survey-record.ts";

/** Sends the hello of every known kind of client. */
export function surveyClients(interview: Interview): Promise<readonly ClientSurvey[]> {
  return Promise.all(HELLO_NAMES.map((client) => surveyClient(interview, client)));
}

/** A client connects when both sides have everything in common that the server's first flight needs. */
async function surveyClient(interview: Interview, client: HelloName): Promise<ClientSurvey> {
  const { shape } = knownHello(client);
  const handshake = await interview.ask({ shape, until: ["signature", "finished"] });
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
