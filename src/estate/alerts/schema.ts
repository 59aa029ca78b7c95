import * as z from "zod";
import { parseHostPort } from "../host-port.ts";
import {
  choice,
  count,
  duration,
  expecting,
  Labels,
  MAPPING,
  Name,
  names,
  Secret,
  ThresholdText,
} from "../schema-parts.ts";
import { isOneTime, WINDOW_FIELDS, WINDOW_TEXT } from "../windows/schema.ts";
import type { AlertsDocument, NotifierDocument } from "./document.ts";

/** What the section `alerts` means where it says nothing. */
export const ALERT_DEFAULTS = {
  hold: "1m",
  watcherHold: "5m",
  resolveAfter: "2m",
  flapping: { changes: 6, within: "1h" },
} as const;

const SEVERITIES = ["critical", "warning", "info"] as const;

const patternText = expecting(
  "a finding code such as chain.incomplete, or a pattern such as chain.*",
);
const CodePattern = z.string(patternText).regex(/^[a-z*-]{1,40}(?:\.[a-z*-]{1,60})?$/, patternText);

const Selector = z
  .strictObject(
    {
      clients: names("a client, which may hold *").optional(),
      endpoints: names("an endpoint, which may hold *").optional(),
      labels: Labels.optional(),
    },
    MAPPING,
  )
  .meta({ description: "Links by client, endpoint and the endpoint's labels; all when left out" });

const oneOrMore = <T extends z.ZodType>(part: T, what: string) =>
  z.union([part, z.array(part).min(1, `Expected at least one ${what}`)], expecting(what));

const whenText = expecting("broken, watcher, blind, { breaksWithin: 14d } or { finding: chain.* }");

const When = z
  .union(
    [
      z.enum(["broken", "watcher", "blind"], whenText),
      z.strictObject({ breaksWithin: ThresholdText }),
      z.strictObject({
        finding: oneOrMore(CodePattern, "finding code"),
        severity: oneOrMore(choice(SEVERITIES), "severity").optional(),
      }),
    ],
    whenText,
  )
  .meta({ description: "What the alert is about" });

const Rule = z.strictObject(
  {
    name: Name,
    when: When,
    links: Selector.optional(),
    for: duration("0s", "30d").meta({ default: ALERT_DEFAULTS.hold }).optional(),
    severity: choice(SEVERITIES).optional(),
    labels: Labels.optional(),
    notify: names("a notifier").optional(),
  },
  MAPPING,
);

const Window = z
  .strictObject({ name: Name, ...WINDOW_FIELDS, links: Selector.optional() }, MAPPING)
  .refine(isOneTime, WINDOW_TEXT);

const Page = webAddress("an address such as https://watch.example.com/");

function webAddress(what: string): z.ZodType<string> {
  const text = expecting(what);
  return z.string(text).refine((value) => {
    const url = URL.parse(value);
    return (
      url !== null &&
      (url.protocol === "https:" || url.protocol === "http:") &&
      url.username === "" &&
      url.password === ""
    );
  }, text);
}

/** The shape of the section `alerts`. */
export const AlertsSchema: z.ZodType<AlertsDocument> = z
  .strictObject(
    {
      page: Page.meta({ description: "Where people reach the live page" }).optional(),
      rules: z.array(Rule, expecting("a list of rules")).optional(),
      maintenance: z.array(Window, expecting("a list of windows")).optional(),
      flapping: z
        .strictObject(
          {
            changes: count(1000).meta({ default: ALERT_DEFAULTS.flapping.changes }).optional(),
            within: duration("1m", "7d")
              .meta({ default: ALERT_DEFAULTS.flapping.within })
              .optional(),
          },
          MAPPING,
        )
        .optional(),
      resolveAfter: duration("0s", "1d").meta({ default: ALERT_DEFAULTS.resolveAfter }).optional(),
    },
    MAPPING,
  )
  .meta({ description: "What people are told, when, and when not" });

const HttpUrl = webAddress("an http or https URL without credentials");
const Truststore = Name.meta({ description: "Truststore that the server is judged by" });

const mailText = expecting("a mail address");
const Mail = z
  .string(mailText)
  .max(320, mailText)
  .regex(/^[^\s@<>,;:"\p{C}]+@[^\s@<>,;:"\p{C}]+$/u, mailText);

const serverText = expecting("host or host:port");
const ONE_KIND = ["alertmanager", "webhook", "slack", "pagerduty", "email"] as const;
const kindText = expecting(`exactly one of ${ONE_KIND.join(", ")}`);

const Notifier = z
  .strictObject(
    {
      alertmanager: z
        .strictObject(
          { url: HttpUrl, token: Secret.optional(), truststore: Truststore.optional() },
          MAPPING,
        )
        .optional(),
      webhook: z
        .strictObject(
          { url: HttpUrl, secret: Secret.optional(), truststore: Truststore.optional() },
          MAPPING,
        )
        .optional(),
      slack: z.strictObject({ url: Secret, truststore: Truststore.optional() }, MAPPING).optional(),
      pagerduty: z
        .strictObject(
          { routingKey: Secret, url: HttpUrl.optional(), truststore: Truststore.optional() },
          MAPPING,
        )
        .optional(),
      email: z
        .strictObject(
          {
            server: z.string(serverText).refine((text) => parseHostPort(text) !== null, serverText),
            security: choice(["tls", "starttls", "none"]).meta({ default: "starttls" }).optional(),
            user: Name.optional(),
            password: Secret.optional(),
            from: Mail,
            to: oneOrMore(Mail, "mail address"),
            truststore: Truststore.optional(),
          },
          MAPPING,
        )
        .optional(),
      resolved: z.boolean(expecting("true or false")).meta({ default: true }).optional(),
    },
    MAPPING,
  )
  .refine((value) => ONE_KIND.filter((kind) => value[kind] !== undefined).length === 1, kindText);

/** The shape of the section `notify`. */
export const NotifySchema: z.ZodType<Readonly<Record<string, NotifierDocument>>> = z
  .record(Name, Notifier, MAPPING)
  .meta({ description: "Where alerts are sent" });
