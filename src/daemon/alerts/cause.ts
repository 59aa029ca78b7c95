import type { Finding } from "../../diagnosis/finding.ts";
import type { LinkState } from "../link-state.ts";

/** Findings whose cause is a CA that a store lacks: the same one whatever certificate of it a server shows. */
const MISSING: ReadonlySet<string> = new Set([
  "truststore.anchor-missing",
  "truststore.anchor-elsewhere",
  "truststore.bundle-outdated",
]);

/**
 * What links have in common that break for one reason: the certificate, the CA that a truststore lacks, the truststore,
 * or the machine. Equal texts mean the same cause.
 */
export function causeOf(
  { code, evidence }: Finding,
  link: Pick<LinkState, "client" | "endpoint" | "url" | "chain" | "addresses">,
): string {
  // the client is the cause, whatever it dials
  if (code === "estate.peer-check-off") return JSON.stringify([code, link.client]);
  const side = code.slice(0, code.indexOf("."));
  const { certificates, truststore } = evidence;
  switch (side) {
    case "truststore": {
      const about = MISSING.has(code) ? [missingIssuer(certificates, link)] : certificates;
      return JSON.stringify([code, truststore, ...about]);
    }
    case "chain":
    case "leaf":
      return JSON.stringify([
        code,
        ...(certificates.length === 0 ? [link.endpoint] : certificates),
      ]);
    case "topology":
      return JSON.stringify([code, machineOf(link)]);
    default:
      return JSON.stringify([code, link.endpoint]);
  }
}

function missingIssuer(
  certificates: readonly string[],
  { chain }: Pick<LinkState, "chain">,
): string {
  const [top] = certificates;
  const sent = chain.find(({ sha256 }) => sha256 === top);
  return sent?.issuer ?? top ?? "";
}

/**
 * Many names often lead to one machine, which is its address then. Of several addresses not always the same fail, so
 * there it is the name.
 */
function machineOf({ url, addresses }: Pick<LinkState, "url" | "addresses">): string {
  const [first, ...others] = addresses;
  const address = others.length === 0 ? first?.address : null;
  return address ?? URL.parse(url)?.hostname ?? url;
}
