import type { LoadedClient } from "../loaded-client.ts";
import type { ProfileName } from "../../trust/profile-names.ts";

/** Under what name a client's own conversations are kept for the profile that it is to have. */
export const changedClientKey = (client: string, profile: ProfileName): string =>
  JSON.stringify([client, profile]);

/** Whether a server might answer a client otherwise after a change: its hello or its certificate is another one. */
export function isAnother(before: LoadedClient, after: LoadedClient): boolean {
  const idOf = ({ identity }: LoadedClient): string | null =>
    identity?.ok === true ? identity.value.id : null;
  return before.party.profile !== after.party.profile || idOf(before) !== idOf(after);
}
