import type { FindingCode } from "../../diagnosis/finding-codes.ts";

/** Whose job a repair is. */
export type RepairSide =
  | "client-store"
  | "client-settings"
  | "server-certificate"
  | "server-chain"
  | "name"
  | "network"
  | "machines"
  | "application"
  | "clock"
  | "protocol"
  | "client-certificate"
  | "estate";

/** Codes whose repair lies elsewhere than that of their group. */
const EXCEPTIONS: Partial<Record<FindingCode, RepairSide>> = {
  "topology.target-invalid": "estate",
  "topology.unexpected-status": "application",
  "topology.addresses-differ": "machines",
  "topology.ip-families-differ": "machines",
  "topology.chain-varies": "machines",
  "topology.hello-dropped": "protocol",
  "chain.empty": "server-certificate",
  "chain.self-signed": "server-certificate",
  "chain.known-certificate": "server-certificate",
  "leaf.client-clock": "clock",
  "chain.revoked": "server-certificate",
  "leaf.staple-missing": "server-chain",
  "estate.peer-check-off": "client-settings",
};

/** Where the repair of a finding begins: decided by the side that its code is about. */
export function repairSide(code: FindingCode): RepairSide {
  const exception = EXCEPTIONS[code];
  if (exception !== undefined) return exception;
  switch (code.slice(0, code.indexOf("."))) {
    case "truststore":
      return "client-store";
    case "chain":
      return "server-chain";
    case "leaf":
      return "server-certificate";
    case "name":
      return "name";
    case "topology":
      return "network";
    case "client-auth":
      return "client-certificate";
    case "estate":
      return "estate";
    default:
      return "protocol";
  }
}

/** The same for people who do not know the words of the trade. */
export const SIDE_WORDS: Readonly<Record<RepairSide, string>> = {
  "client-store": "at the client: the list of authorities that it trusts (its truststore)",
  "client-settings": "at the client: its settings for TLS",
  "server-certificate": "at the server: its own certificate",
  "server-chain": "at the server: the certificates that it sends along",
  name: "at the server's certificate, or at the name by which the client calls the server",
  network: "on the way to the server: address, port, firewall or proxy",
  machines: "at the server: the machines behind its name are not set up alike",
  application: "at the application behind the server",
  clock: "at the client: its clock",
  protocol: "at the settings for TLS, of the server or of the client",
  "client-certificate": "at the certificate by which the client shows who it is",
  estate: "at what Anchorwatch was told",
};
