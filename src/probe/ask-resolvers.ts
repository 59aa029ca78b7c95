import { Resolver } from "node:dns";
import { fail, ok } from "../x509/result.ts";
import type { Answer } from "./resolve.ts";

/** Codes that say that a name exists and has no address of the kind, which the other kind may have. */
const NOTHING_OF_THE_KIND: ReadonlySet<string> = new Set(["ENODATA", "ENOTFOUND"]);

/**
 * Asks resolvers for the A and AAAA records of a name, in this order; files of the system such as its hosts
 * table are not looked at. `answered` is called once; the returned function gives up and frees the sockets.
 */
export function askResolvers(
  resolvers: readonly string[],
  host: string,
  answered: (answer: Answer) => void,
): () => void {
  const resolver = new Resolver({ timeout: 2000, tries: 3 });
  resolver.setServers(resolvers);
  const answers: (Answer | undefined)[] = [undefined, undefined];
  const collect =
    (index: number) =>
    (error: NodeJS.ErrnoException | null, addresses: readonly string[]): void => {
      answers[index] = error === null ? ok(addresses) : fail(error.code ?? "unknown error");
      const [a, aaaa] = answers;
      if (a !== undefined && aaaa !== undefined) answered(joined(a, aaaa));
    };
  resolver.resolve4(host, collect(0));
  resolver.resolve6(host, collect(1));
  return () => resolver.cancel();
}

/** Both answers in one: an address of either kind is enough, and a real failure tells more than an absence. */
function joined(a: Answer, aaaa: Answer): Answer {
  if (a.ok && aaaa.ok) return ok([...a.value, ...aaaa.value]);
  if (a.ok) return a;
  if (aaaa.ok) return aaaa;
  return NOTHING_OF_THE_KIND.has(a.error) ? aaaa : a;
}
