import type { Situation } from "../situation.ts";
import type { DetectedFormat, StoreFormat } from "../../truststore/store-format.ts";
import type { ProfileName } from "../../trust/profile-names.ts";
import type { ClientSystem, ServerSystem } from "../../trust/system-names.ts";

/** What remedies have to know beyond what was found out: the systems at hand, and how the check was made. */
export interface Surroundings {
  readonly client: ClientSystem;
  /** Whether somebody said which system the client is; otherwise it was concluded from profile and store. */
  readonly isClientKnown: boolean;
  /** Null when nobody said. */
  readonly server: ServerSystem | null;
  /** Folder that certificates are written into as part of this very check; null when that was not asked for. */
  readonly folder: string | null;
  /** Words of the command line by which `check` judges as this client; null to make them up from what is known. */
  readonly clientWords: readonly string[] | null;
  /** Further words of the command line that change what `check` sees, e.g. `--cert`, `--at`, `--proxy`. */
  readonly words: readonly string[];
}

const OF_PROFILE: Partial<Record<ProfileName, ClientSystem>> = {
  layer7: "api-gateway",
  gskit: "gskit",
  "dotnet-windows": "windows",
};

const OF_FORMAT: Readonly<
  Record<StoreFormat, ClientSystem> & Partial<Record<DetectedFormat, ClientSystem>>
> = {
  jks: "java",
  jceks: "java",
  pkcs12: "java",
  bks: "java",
  bcfks: "java",
  "cms-kdb": "gskit",
  nss: "openssl",
  pem: "openssl",
  der: "openssl",
  pkcs7: "openssl",
  pkipath: "openssl",
  system: "debian",
};

/**
 * The system that a client most likely is, where nobody said: products have profiles of their own, otherwise the format
 * of the store tells the tool.
 */
export function likelySystem(
  profile: ProfileName,
  format: StoreFormat | DetectedFormat | null,
): ClientSystem {
  const isNode = profile === "nodejs-20" || profile === "nodejs-24";
  const ofStore = format === null ? null : (OF_FORMAT[format] ?? null);
  if (isNode && ofStore !== "java") return "nodejs";
  return OF_PROFILE[profile] ?? ofStore ?? (profile.startsWith("openjdk") ? "java" : "openssl");
}

/** What a situation says of its surroundings, or what profile and store let conclude where it says nothing. */
export function surroundingsOf({ surroundings, profile, store }: AboutClient): Surroundings {
  return (
    surroundings ?? {
      client: likelySystem(profile.name, store.format ?? null),
      isClientKnown: false,
      server: null,
      folder: null,
      clientWords: null,
      words: [],
    }
  );
}

type AboutClient = Pick<Situation, "surroundings" | "profile" | "store">;
