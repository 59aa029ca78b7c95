import { getCACertificates, rootCertificates } from "node:tls";
import type { NamedTruststore } from "../../diagnosis/assessment.ts";
import type { EstateNotifier } from "../../estate/alerts/alerts.ts";
import type { SecretReference } from "../../estate/estate.ts";
import { anchorsFor } from "../../truststore/anchors.ts";
import { writePem } from "../../x509/pem.ts";
import { fail, ok, type Result } from "../../x509/result.ts";
import type { ReadSecret } from "../identity.ts";
import { alertmanagerNotifier } from "./alertmanager.ts";
import { emailNotifier } from "./email.ts";
import type { Notifier } from "./notifier.ts";
import { pagerdutyNotifier } from "./pagerduty.ts";
import { Poster } from "./post.ts";
import { slackNotifier } from "./slack.ts";
import { webhookNotifier } from "./webhook.ts";

/** What opening notifiers takes. */
export interface NotifierSurroundings {
  readonly truststores: readonly NamedTruststore[];
  readonly readSecret: ReadSecret;
  /** Address of the live page, ending in a slash. */
  readonly page: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A notifier that cannot be used, and why; shows no secret. */
export interface UnusableNotifier {
  readonly subject: string;
  readonly message: string;
}

/** Reads the secrets of notifiers and makes them ready to send. */
export async function openNotifiers(
  described: readonly EstateNotifier[],
  surroundings: NotifierSurroundings,
): Promise<{
  readonly notifiers: readonly Notifier[];
  readonly unusable: readonly UnusableNotifier[];
}> {
  const notifiers: Notifier[] = [];
  const unusable: UnusableNotifier[] = [];
  for (const each of described) {
    const opened = await openNotifier(each, surroundings);
    if (opened.ok) notifiers.push(opened.value);
    else unusable.push({ subject: each.name, message: opened.error });
  }
  return { notifiers, unusable };
}

/** Makes one notifier ready to send. The error is one sentence and shows no secret. */
export async function openNotifier(
  described: EstateNotifier,
  { truststores, readSecret, page, now }: NotifierSurroundings,
): Promise<Result<Notifier, string>> {
  const { name, resolved } = described;
  const anchors = anchorsOf(described.truststore, truststores);
  if (!anchors.ok) return anchors;
  const secret = async (reference: SecretReference): Promise<Result<string, string>> => {
    const read = await readSecret(reference);
    return read.ok
      ? read
      : fail(`The secret of the notifier ${name} cannot be read: ${read.error.message}`);
  };
  const optional = (reference: SecretReference | null): Promise<Result<string | null, string>> =>
    reference === null ? Promise.resolve(ok(null)) : secret(reference);
  const common = { name, resolved, page, now };
  switch (described.kind) {
    case "alertmanager": {
      const token = await optional(described.token);
      if (!token.ok) return token;
      const settings = { ...common, url: described.url, token: token.value };
      return ok(alertmanagerNotifier(settings, new Poster(anchors.value)));
    }
    case "webhook": {
      const key = await optional(described.secret);
      if (!key.ok) return key;
      const settings = { ...common, url: described.url, secret: key.value };
      return ok(webhookNotifier(settings, new Poster(anchors.value)));
    }
    case "slack": {
      const url = await secret(described.url);
      if (!url.ok) return url;
      if (!isWebAddress(url.value))
        return fail(`The address of the notifier ${name} is no http or https URL`);
      return ok(slackNotifier({ ...common, url: url.value }, new Poster(anchors.value)));
    }
    case "pagerduty": {
      const routingKey = await secret(described.routingKey);
      if (!routingKey.ok) return routingKey;
      const settings = { ...common, url: described.url, routingKey: routingKey.value };
      return ok(pagerdutyNotifier(settings, new Poster(anchors.value)));
    }
    case "email": {
      const password = await optional(described.password);
      if (!password.ok) return password;
      const { user, host, port, security, from, to } = described;
      const credentials = user === null ? null : { user, password: password.value ?? "" };
      const server = { host, port, security, credentials, anchors: anchors.value };
      return ok(emailNotifier({ ...common, ...server, from, to }));
    }
  }
}

function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "https:" || url.protocol === "http:");
}

/** The anchors of a truststore in PEM; without one, those of the runtime and the system together. */
function anchorsOf(
  name: string | null,
  truststores: readonly NamedTruststore[],
): Result<readonly string[] | null, string> {
  if (name === null) return ok([...new Set([...rootCertificates, ...systemCertificates()])]);
  const found = truststores.find((store) => store.name === name);
  if (found === undefined) return fail(`The estate has no truststore ${name}`);
  if (!found.store.ok)
    return fail(`The truststore ${name} cannot be read: ${found.store.error.message}`);
  const { anchors } = anchorsFor(found.store.value, "openssl");
  return ok(anchors.map(({ der }) => writePem("CERTIFICATE", der)));
}

function systemCertificates(): readonly string[] {
  try {
    return getCACertificates("system");
  } catch {
    return [];
  }
}
