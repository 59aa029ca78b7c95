import type { ClientChange } from "../../estate/plans/plan.ts";
import type { ClientEffect } from "../../links/changes/step.ts";
import { applyJavaSecurity, readJavaSecurity } from "../../trust/java/java-security.ts";
import { keyPolicyOf } from "../../trust/key-policy.ts";
import type { ProfileName } from "../../trust/profile-names.ts";
import type { Profile } from "../../trust/profile.ts";
import { profileOf } from "../../trust/profiles.ts";
import { fail, ok, type Result } from "../../x509/result.ts";
import { identityOf, loadIdentity } from "../identity.ts";
import type { ChangeContext, ChangeMistake, Drafts } from "./plan-context.ts";
import { readText } from "./read-text.ts";
import { clientWords } from "../../links/changes/step-words.ts";

/** Reads the rules and the certificate that a client is to have. */
export async function loadClientChange(
  change: ClientChange,
  context: ChangeContext,
): Promise<Drafts> {
  const { client, peerCheck, nameCheck, trust, profile } = change;
  const before = context.inventory.clients.get(client);
  if (before === undefined)
    return fail([{ at: "client", message: `The estate has no client ${client}` }]);
  const next = profile ?? before.party.profile;
  const rules = await rulesOf(change, next);
  if (!rules.ok) return rules;
  const identity = await identityFor(change, next, context);
  if (!identity.ok) return identity;
  const effect: ClientEffect = {
    kind: "client",
    client,
    profile,
    rules: rules.value,
    peerCheck,
    nameCheck,
    trust,
    identity: identity.value,
  };
  return ok([{ change: context.index, title: clientWords(change), effect }]);
}

async function identityFor(
  { client, profile, identity }: ClientChange,
  next: ProfileName,
  { inventory, readers }: ChangeContext,
): Promise<Result<ClientEffect["identity"], readonly ChangeMistake[]>> {
  if (identity === "none") return ok({ to: null });
  if (identity !== null) {
    const policy = keyPolicyOf(next, identity.keyManager);
    const loaded = await loadIdentity(identity, policy, readers.secret);
    return loaded.ok
      ? ok({ to: loaded })
      : fail([{ at: "identity", message: `Certificate of ${client}: ${loaded.error}` }]);
  }
  const before = inventory.clients.get(client)?.identity ?? null;
  if (profile === null || before?.ok !== true) return ok(null);
  // another runtime may choose another key
  const written = inventory.estate.clients.find(({ name }) => name === client);
  const policy = keyPolicyOf(next, written?.identity?.keyManager ?? null);
  return ok({ to: ok(identityOf(before.value.keyring.certificates, policy)) });
}

async function rulesOf(
  { javaSecurity }: ClientChange,
  profile: ProfileName,
): Promise<Result<Profile | null, readonly ChangeMistake[]>> {
  if (javaSecurity === null) return ok(null);
  const mistake = (message: string): Result<never, readonly ChangeMistake[]> =>
    fail([{ at: "java-security", message }]);
  const text =
    "text" in javaSecurity ? ok(javaSecurity.text) : await readText(javaSecurity.path, "latin1");
  if (!text.ok) return mistake(text.error);
  const properties = readJavaSecurity(text.value);
  const applied = properties.ok
    ? applyJavaSecurity(profileOf(profile), properties.value)
    : properties;
  const where = "path" in javaSecurity ? `${javaSecurity.path}: ` : "";
  return applied.ok ? ok(applied.value) : mistake(`${where}${applied.error.message}`);
}
