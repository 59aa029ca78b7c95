import type { ClientAuthExpectation } from "../../estate.ts";
import { checkPlainPort } from "../check-plain-port.ts";
import { dialledUrl, endpointName, serviceUrl } from "../dialled-url.ts";
import { listenerHost } from "../listener.ts";
import { derived, placeOf, type Sourced } from "../origin.ts";
import { attributeOf, childOf, descendants, type XmlElement } from "../xml/element.ts";
import type { WildflyContext } from "./context.ts";
import type { ServerContext } from "./elytron.ts";

const VERIFY_CLIENT: ReadonlyMap<string, ClientAuthExpectation> = new Map([
  ["NOT_REQUESTED", "none"],
  ["REQUESTED", "requested"],
  ["REQUIRED", "required"],
]);

interface Binding {
  readonly port: Sourced<number>;
}

/** Adds Undertow's HTTPS listeners, the management port with TLS, and remote destinations that name a TLS port. */
export function addListeners(
  root: XmlElement,
  servers: ReadonlyMap<string, ServerContext>,
  context: WildflyContext,
): void {
  const { builder } = context;
  const elements = [...descendants(root)];
  const bindings = bindingsOf(elements, context);
  for (const listener of elements.filter(({ local }) => local === "https-listener")) {
    const named = listener.attributes.get("ssl-context")?.value;
    const realm = listener.attributes.get("security-realm")?.value;
    const server = servers.get(named ?? "") ?? servers.get(`realm ${realm ?? ""}`) ?? null;
    if (server === null)
      builder.note(
        named === "applicationSSC" || (named === undefined && realm === undefined)
          ? "This listener uses the SSL context that WildFly makes by itself"
          : `The SSL context or realm "${named ?? realm ?? ""}" of this listener is not in the file`,
        listener.place,
      );
    const verify = attributeOf(listener, "verify-client");
    const asked = verify === null ? undefined : VERIFY_CLIENT.get(verify.value);
    addListener(
      {
        name: listener.attributes.get("name")?.value ?? "https",
        binding: listener.attributes.get("socket-binding")?.value ?? "https",
        clientAuth:
          verify !== null && asked !== undefined
            ? { ...verify, value: asked }
            : (server?.clientAuth ?? null),
        server,
        element: listener,
      },
      bindings,
      context,
    );
  }
  for (const socket of elements.filter(({ local }) => local === "http-interface")) {
    const binding = childOf(socket, "socket-binding")?.attributes.get("https")?.value;
    if (binding === undefined) continue;
    const server = servers.get(socket.attributes.get("ssl-context")?.value ?? "") ?? null;
    addListener(
      {
        name: "management",
        binding,
        clientAuth: server?.clientAuth ?? null,
        server,
        element: socket,
      },
      bindings,
      context,
    );
  }
  addDestinations(elements, context);
}

interface ListenerParts {
  readonly name: string;
  readonly binding: string;
  readonly clientAuth: Sourced<ClientAuthExpectation> | null;
  readonly server: ServerContext | null;
  readonly element: XmlElement;
}

function addListener(
  { name, binding, clientAuth, server, element }: ListenerParts,
  bindings: ReadonlyMap<string, Binding>,
  { builder, host }: WildflyContext,
): void {
  const found = bindings.get(binding);
  if (found === undefined) {
    builder.note(
      `The socket binding "${binding}" of this listener has no port here`,
      element.place,
    );
    return;
  }
  const place = placeOf(found.port) ?? element.place;
  const at = listenerHost({ named: [], address: null, host, place }, builder);
  builder.endpoint({
    name,
    direction: "listens",
    url: derived(
      serviceUrl("https", at.value, found.port.value),
      `socket binding ${binding} with the port offset`,
      [place],
    ),
    serverName: null,
    clientAuth,
    labels: {},
    ownChain: server?.ownChain ?? [],
    ...(server === null || server.protocols === null ? {} : { protocols: server.protocols }),
    ...(server === null || server.cipherSuites === null
      ? {}
      : { cipherSuites: server.cipherSuites }),
    ...(server === null || server.clientAuthorities === null
      ? {}
      : { clientAuthorities: server.clientAuthorities }),
  });
}

/** Ports by the names of their bindings, with the offset of their group added. */
function bindingsOf(
  elements: readonly XmlElement[],
  { fill }: WildflyContext,
): ReadonlyMap<string, Binding> {
  const found = new Map<string, Binding>();
  for (const group of elements.filter(({ local }) => local === "socket-binding-group")) {
    const offset = attributeOf(group, "port-offset");
    const shift = offset === null ? 0 : Number(fill(offset).value);
    for (const binding of group.children.filter(({ local }) => local === "socket-binding")) {
      const written = attributeOf(binding, "port");
      const filled = written === null ? null : fill(written);
      const isFixed = binding.attributes.get("fixed-port")?.value === "true";
      const port = Number(filled?.value) + (isFixed || !Number.isInteger(shift) ? 0 : shift);
      if (filled === null || !Number.isInteger(port) || port < 1 || port > 65_535) continue;
      found.set(binding.attributes.get("name")?.value ?? "", {
        port: { value: port, origin: filled.origin },
      });
    }
  }
  return found;
}

/** Ports on which remote destinations speak TLS; of others the file does not say whether they do. */
const TLS_PORTS: ReadonlyMap<number, string> = new Map([
  [443, "https"],
  [636, "ldaps"],
  [465, "smtps"],
  [993, "imaps"],
  [8443, "https"],
  [9443, "https"],
  [20390, "ldaps"],
  [20411, "ldaps"],
]);

function addDestinations(elements: readonly XmlElement[], { builder, fill }: WildflyContext): void {
  for (const destination of elements.filter(({ local }) => local === "remote-destination")) {
    const host = attributeOf(destination, "host");
    const written = attributeOf(destination, "port");
    if (host === null || written === null) continue;
    const name = fill(host);
    const port = Number(fill(written).value);
    const scheme = TLS_PORTS.get(port);
    const target = scheme === undefined ? null : dialledUrl(serviceUrl(scheme, name.value, port));
    if (target?.kind !== "tls") {
      builder.note(
        `Whether the remote destination ${endpointName(name.value, port)} speaks TLS is not said here`,
        destination.place,
      );
      continue;
    }
    checkPlainPort(target, name, builder);
    builder.endpoint({
      name: endpointName(target.host, target.port),
      direction: "dials",
      url: { value: target.url, origin: name.origin },
      serverName: null,
      clientAuth: null,
      labels: {},
    });
  }
}
