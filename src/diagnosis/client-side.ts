import type { Handshake } from "../probe/handshake.ts";
import type { Profile } from "../trust/profile.ts";
import type { ClientSystem } from "../trust/system-names.ts";
import { internCertificate } from "../x509/certificate-cache.ts";
import type { AssessmentContext, RelyingParty } from "./assessment.ts";
import type { OwnCertificate } from "./client-auth/own-certificate.ts";
import { anchorsOnce, certificatesOf, storeFacts } from "./client-stores.ts";
import { likelySystem, type Surroundings } from "./remedies/surroundings.ts";
import type { StoreFacts } from "./situation.ts";

/** The system in which a client's own certificate is configured; null where profile and store do not tell. */
function identitySystem(client: RelyingParty): ClientSystem | null {
  if ((client.system ?? null) !== null) return client.system ?? null;
  const likely = likelySystem(client.profile, primaryStore(client).format ?? null);
  return likely === "java" || likely === "api-gateway" || likely === "gskit" ? likely : null;
}

/** What is known about the client's own certificate, and of certificates that may belong into its chain. */
export function ownCertificate(
  client: RelyingParty,
  profile: Profile,
  { at, otherTruststores, knownIssuers = [], serverSystem }: AssessmentContext,
  { certificates }: Handshake,
): OwnCertificate {
  const { ownChain, ownProblem = null, truststores } = client;
  return {
    ownChain,
    at,
    profile,
    problem: ownProblem,
    // looked at only where something is wrong with the certificate
    get sides() {
      return { client: identitySystem(client), server: serverSystem ?? null };
    },
    get known() {
      const sent = certificates.flatMap((der) => {
        const parsed = internCertificate(der);
        return parsed.ok ? [parsed.value] : [];
      });
      const stored = [truststores, otherTruststores].flatMap((stores) =>
        certificatesOf(anchorsOnce(stores, "openssl")),
      );
      return [...sent, ...stored, ...knownIssuers.map(({ certificate }) => certificate)];
    },
  };
}

/** Where a remedy is carried out, and the words of its commands. */
export function surroundingsOf(
  client: RelyingParty,
  { format }: StoreFacts,
  context: AssessmentContext,
): Surroundings {
  return {
    client: client.system ?? likelySystem(client.profile, format ?? null),
    isClientKnown: (client.system ?? null) !== null,
    server: context.serverSystem ?? null,
    folder: context.extractTo ?? null,
    clientWords: client.commandWords ?? null,
    words: context.commandWords ?? [],
  };
}

/** The first store of a client that could be read; one that says nothing where there is none. */
export function primaryStore({ truststores }: RelyingParty): StoreFacts {
  for (const named of truststores) if (named.store.ok) return storeFacts(named, named.store.value);
  return {
    name: truststores[0]?.name ?? "the truststore",
    path: null,
    isJavaStore: false,
    isSystemStore: false,
    needsPassword: false,
  };
}
