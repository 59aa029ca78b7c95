import type { Endpoint, TargetScheme } from "../probe/handshake.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import type { Mistake } from "./explain-issue.ts";
import { parseHostPort } from "./host-port.ts";

const PORTS: Readonly<Record<TargetScheme, number>> = {
  tls: 443,
  https: 443,
  wss: 443,
  ldaps: 636,
  imaps: 993,
  pop3s: 995,
  smtps: 465,
  ftps: 990,
  nntps: 563,
  ircs: 6697,
  mqtts: 8883,
  amqps: 5671,
};
const isScheme = (t: string): t is TargetScheme => Object.hasOwn(PORTS, t);
function parseTarget(text: string): Result<Endpoint, { readonly message: string }> {
  const [, scheme, rest] = /^([a-z0-9-]+):\/\/([^/?#]*)/i.exec(text) ?? [null, "tls", text];
  if (scheme === undefined || rest === undefined || !isScheme(scheme.toLowerCase()))
    return fail({ message: `Unknown scheme ${scheme}` });
  const at = parseHostPort(rest);
  if (at === null) return fail({ message: `Not a target: ${text}` });
  const known = scheme.toLowerCase() as TargetScheme;
  return ok({ scheme: known, host: at.host, port: at.port ?? PORTS[known] });
}

/** What the URLs of a document's endpoints point at, and the mistakes in the others. */
export interface EndpointTargets {
  readonly targets: ReadonlyMap<string, Endpoint>;
  readonly mistakes: readonly Mistake[];
}

/** Reads the URL of every endpoint of a document whose shape may be wrong elsewhere. */
export function endpointTargets(document: unknown): EndpointTargets {
  const targets = new Map<string, Endpoint>();
  const mistakes: Mistake[] = [];
  for (const [name, url] of urls(document)) {
    const read = readUrl(url);
    if (read.ok) targets.set(name, read.value);
    else
      mistakes.push({
        path: ["endpoints", name, "url"],
        at: "value",
        message: read.error,
        hint: "Write it as https://host:port",
      });
  }
  return { targets, mistakes };
}

function readUrl(url: string): Result<Endpoint, string> {
  // the text is not shown: it holds a password
  if (/^[^/?#]*\/\/[^/?#]*@/.test(url)) return fail("A user or a password has no place in the URL");
  const target = parseTarget(url);
  return target.ok ? target : fail(target.error.message);
}

function urls(document: unknown): readonly (readonly [string, string])[] {
  return Object.entries(property(document, "endpoints")).flatMap(([name, endpoint]) => {
    const { url } = property({ endpoint }, "endpoint");
    return typeof url === "string" ? [[name, url] as const] : [];
  });
}

function property(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const inner: unknown =
    typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return typeof inner === "object" && inner !== null ? { ...inner } : {};
}
