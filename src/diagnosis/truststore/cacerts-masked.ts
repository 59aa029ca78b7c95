import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { copySteps } from "../remedies/anchor-steps.ts";
import type { LocatedAnchor, Situation } from "../situation.ts";
import { shortName } from "../words.ts";

const fileName = (path: string): string => path.replace(/^.*[\\/]/, "");

/** Whether an anchor lies in the `cacerts` beside the store in use, which its JVM then does not read. */
export function isMasked(found: LocatedAnchor, { store }: Situation): boolean {
  const { path } = found.store;
  if (path === null || store.path === null || fileName(path) !== "cacerts") return false;
  const folder = path.slice(0, path.length - "cacerts".length);
  return (
    store.path !== path &&
    (store.path === `${folder}jssecacerts` || found.store.name === store.name)
  );
}

/** The JVM has the CA in its `cacerts`, and does not look there because another file takes its place (A21). */
export function cacertsMaskedFinding(
  top: Certificate,
  found: LocatedAnchor,
  situation: Situation,
): Finding {
  const { store } = situation;
  return refusalFinding("truststore.cacerts-masked", situation, {
    summary: `${shortName(found.certificate.subject)} is in ${found.store.path ?? found.store.name}, which this JVM does not read: ${store.path ?? store.name} takes its place and lacks it`,
    remedy: [
      `If nobody needs ${store.path ?? store.name}, move it away: the JVM reads cacerts again`,
      "Otherwise complete it:",
      ...copySteps(found, situation),
    ],
    certificates: [top, found.certificate],
    alias: found.alias,
  });
}
