import type { Profile } from "./profile.ts";
import type { ProfileName } from "./profile-names.ts";
import { GO_PROFILE } from "./profiles/go.ts";
import { JAVA_PROFILES } from "./profiles/java.ts";
import { OPENSSL_PROFILES } from "./profiles/openssl.ts";
import { VENDOR_PROFILES } from "./profiles/vendors.ts";
import { STRICT_PROFILE } from "./profiles/strict.ts";

const PROFILES: ReadonlyMap<ProfileName, Profile> = new Map(
  [...JAVA_PROFILES, ...OPENSSL_PROFILES, GO_PROFILE, ...VENDOR_PROFILES, STRICT_PROFILE].map(
    (profile) => [profile.name, profile],
  ),
);

/** The rules behind a profile name. */
export function profileOf(name: ProfileName): Profile {
  const profile = PROFILES.get(name);
  if (profile === undefined) throw new Error(`Profile ${name} has no rules`);
  return profile;
}
