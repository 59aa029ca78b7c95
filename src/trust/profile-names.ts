/** Every client profile that can be judged; see docs/profiles.md for what each stands for. */
export const PROFILE_NAMES = [
  "openjdk-8",
  "openjdk-11",
  "openjdk-17",
  "openjdk-21",
  "openjdk-25",
  "openjdk-17-sunx509",
  "ibm-java-8",
  "openssl-3",
  "openssl-3-partial",
  "nodejs-20",
  "nodejs-24",
  "go",
  "gskit",
  "layer7",
  "dotnet-windows",
  "strict",
] as const;

/** Name of a client profile. */
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** Whether a text names a profile. */
export function isProfileName(text: string): text is ProfileName {
  return PROFILE_NAMES.some((name) => name === text);
}
