import { isIP } from "node:net";
import * as z from "zod";
import { parseProxyUrl } from "../probe/routes/proxy-url.ts";
import { isResolver } from "../probe/routes/resolver-address.ts";
import { choice, expecting, MAPPING, Paths, Secret } from "./schema-parts.ts";

// what is wrong may be a password in it: mistakes never show the URL
const proxyText = {
  error: ({ input }: { readonly input?: unknown }): string => {
    const url = typeof input === "string" ? parseProxyUrl(input) : null;
    return url === null || url.ok
      ? "Expected the URL of a proxy, or a mapping with url"
      : url.error.message;
  },
};

const ProxyUrl = z
  .string(proxyText)
  .refine((text) => parseProxyUrl(text).ok, proxyText)
  .meta({ description: "http, https, socks5 or socks5h://[USER@]HOST:PORT" });

const Proxy = z.union(
  [
    ProxyUrl,
    z.strictObject(
      {
        url: ProxyUrl,
        password: Secret.optional(),
        truststore: Paths.meta({
          description: "PEM files with the CAs of an https proxy",
        }).optional(),
      },
      MAPPING,
    ),
  ],
  proxyText,
);

const sourceText = expecting("an IP address of this machine");
const resolverText = expecting("an IP address, with or without a port");

/** The way to a server, as zones and endpoints write it. */
export const ROUTE_FIELDS = {
  proxy: Proxy.meta({ description: "Proxy on the way" }).optional(),
  proxyProtocol: choice(["v1", "v2"])
    .meta({ description: "Announce connections as a load balancer does" })
    .optional(),
  source: z
    .string(sourceText)
    .refine((text) => isIP(text) !== 0, sourceText)
    .meta({ description: "Local IP address to connect from" })
    .optional(),
  resolvers: z
    .array(
      z.string(resolverText).refine(isResolver, resolverText),
      expecting("a list of IP addresses"),
    )
    .meta({ description: "Name servers to ask instead of the system's" })
    .optional(),
  addresses: choice(["all", "one"])
    .meta({ description: "Addresses of a name that are probed", default: "all" })
    .optional(),
};
