import { isIP } from "node:net";
import * as z from "zod";
import { parseHostPort } from "../host-port.ts";
import { choice, expecting, Listen, MAPPING, Name, Path, Secret } from "../schema-parts.ts";
import { parseAllowPattern } from "./allow-pattern.ts";
import type { HttpDocument } from "./document.ts";

/** Where the page, the metrics and the API are offered when nobody says. */
export const DEFAULT_LISTEN = "127.0.0.1:9643";

const Role = choice(["read", "operate"]).meta({
  description: "read: everything that only shows; operate: also checks and reloads",
});

// what was put here by mistake may be the token itself, so it is not shown
const Digest = (what: string) => {
  const error = `Expected the SHA-256 of ${what}, 64 hexadecimal digits in lower case`;
  return z.string(error).regex(/^[0-9a-f]{64}$/, error);
};

const instantText = expecting("an RFC 3339 time such as 2027-01-01T00:00:00Z");

const Token = z
  .strictObject(
    {
      name: Name.meta({ description: "Stands in the log" }),
      role: Role,
      sha256: Digest("a token that anchorwatch token made"),
      expires: z.iso.datetime({ offset: true, ...instantText }).optional(),
    },
    MAPPING,
  )
  .meta({ description: "A token, of which only the hash is kept" });

const clientText = expecting("subject or spki, or both");
const subjectText = expecting("a distinguished name such as CN=Prometheus,O=Example");

const Client = z
  .strictObject(
    {
      name: Name.meta({ description: "Stands in the log" }),
      role: Role,
      subject: z
        .string(subjectText)
        .min(3, subjectText)
        .max(1024, subjectText)
        .meta({ description: "Subject of the certificate, as RFC 4514 writes it" })
        .optional(),
      spki: Digest("the certificate's SubjectPublicKeyInfo").optional(),
    },
    MAPPING,
  )
  .refine(({ subject, spki }) => subject !== undefined || spki !== undefined, clientText);

const hostText = expecting("a host name without a port");
const Host = z.string(hostText).refine((text) => {
  const parsed = parseHostPort(text);
  return parsed !== null && parsed.port === null && isIP(parsed.host) === 0;
}, hostText);

const allowText = expecting(
  "HOST:PORT such as *.example.com:443, 10.2.0.0/16:636 or ldap.example.com:*",
);
const Allow = z.string(allowText).refine((text) => parseAllowPattern(text) !== null, allowText);

/** The shape of the section `http`. */
export const HttpSchema: z.ZodType<HttpDocument> = z
  .strictObject(
    {
      listen: Listen.meta({ default: DEFAULT_LISTEN }).optional(),
      tls: z
        .strictObject({ cert: Path, key: Path, password: Secret.optional() }, MAPPING)
        .meta({ description: "Certificate chain and key in PEM" })
        .optional(),
      unencrypted: z
        .boolean(expecting("true or false"))
        .meta({
          default: false,
          description: "Other machines may be answered without TLS: tokens can be read on the way",
        })
        .optional(),
      tokens: z.array(Token, expecting("a list of tokens")).max(100).optional(),
      clientAuth: z
        .strictObject(
          {
            truststore: Name.meta({ description: "CAs of the client certificates" }),
            clients: z.array(Client, expecting("a list of clients")).min(1).max(100),
          },
          MAPPING,
        )
        .meta({ description: "Client certificates that are taken instead of a token" })
        .optional(),
      hosts: z
        .array(Host, expecting("a list of host names"))
        .max(100)
        .meta({ description: "Names under which browsers and programs reach the daemon" })
        .optional(),
      allow: z
        .array(Allow, expecting("a list of HOST:PORT patterns"))
        .max(1000)
        .meta({ description: "What may be checked on request beside the endpoints" })
        .optional(),
    },
    MAPPING,
  )
  .meta({ description: "Where, and to whom, the page, the metrics and the API are open" });
