import { isIP } from "node:net";
import { fail, ok, type Result } from "../x509/result.ts";
import type { HandshakeFailure } from "./handshake.ts";
import { resolveAddresses, type ResolveOptions } from "./resolve.ts";
import type { Route } from "./routes/route.ts";

/**
 * The addresses of a host that a route leads to: found by its resolvers, of the family of its source, all or
 * the first of them. Never rejects.
 */
export async function findAddresses(
  host: string,
  { addresses, resolvers, source }: Route,
  options: Omit<ResolveOptions, "resolvers">,
): Promise<Result<readonly string[], HandshakeFailure>> {
  const found = await resolveAddresses(host, { ...options, resolvers });
  if (!found.ok) return found;
  const reachable = found.value.filter(
    (address) => source === null || isIP(address) === isIP(source),
  );
  if (reachable.length === 0)
    return fail({
      code: "connect-unreachable",
      message: `${host} has no address of the family of the source ${source ?? ""}`,
    });
  return ok(addresses === "one" ? reachable.slice(0, 1) : reachable);
}
