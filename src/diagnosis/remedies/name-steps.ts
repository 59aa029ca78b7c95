import { dnsNames, ipAddresses } from "../name/certificate-names.ts";
import type { NameFacts } from "../name/name-facts.ts";
import { parseAddress } from "../../x509/general-name.ts";
import { serverRemedies } from "./server-steps.ts";
import { surroundingsOf } from "./surroundings.ts";
import { SYSTEMS } from "./system-table.ts";
import type { NameRequest } from "./tools/certificate-request.ts";

/** Names of the old certificate that a command repeats; beyond that it grows too long to read. */
const MAX_NAMES = 20;

/** Names that cannot be taken for anything else in a list of names. */
const PLAIN_NAME = /^(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i;

/**
 * How the server comes to a certificate that carries the name asked for: the request with the names of the old one
 * beside it, and its installation.
 * @param keepsNames whether the names of the old certificate belong into the new one
 */
export function reissueSteps(facts: NameFacts, keepsNames = true): readonly string[] {
  const { server } = surroundingsOf(facts.situation);
  const { requestCertificate, installChain, restart } = serverRemedies(server);
  return [
    ...requestCertificate(requestFor(facts, keepsNames)),
    "Have the CA sign the request, and install its answer with the intermediates as NEW-CHAIN.pem",
    ...(server === null ? [] : installChain("NEW-CHAIN.pem")),
    ...restart,
  ];
}

/** Which certificate the server presents for the name, and where that is set. */
export function selectionSteps({ host, situation }: NameFacts): readonly string[] {
  return serverRemedies(surroundingsOf(situation).server).chooseByName(host);
}

/** Where the client has the name that it asks for, where somebody said which system the client is. */
export function clientNameSteps({ host, situation }: NameFacts): readonly string[] {
  const { client, isClientKnown } = surroundingsOf(situation);
  return isClientKnown ? SYSTEMS[client].client.nameAsked(host) : [];
}

function requestFor({ leaf, host }: NameFacts, keepsNames: boolean): NameRequest {
  const bare = host.replace(/\.$/, "");
  const isAddress = parseAddress(bare) !== null;
  const old = keepsNames ? dnsNames(leaf).slice(0, MAX_NAMES) : [];
  const addresses = keepsNames ? ipAddresses(leaf).slice(0, MAX_NAMES) : [];
  // an address among the names is what is to be put right
  const names = old.filter((name) => PLAIN_NAME.test(name) && parseAddress(name) === null);
  return {
    host: bare,
    dnsNames: [...new Set(isAddress ? names : [bare, ...names])],
    addresses: [...new Set(isAddress ? [bare, ...addresses] : addresses)],
  };
}
