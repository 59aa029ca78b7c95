import { type CertificateSpec, encodeCertificate, keyAt } from "./certificate-spec.ts";
import type { EstateCase } from "./estate.ts";
import type { NameSpec } from "./names.ts";

function nameText(name: NameSpec): string {
  return name
    .map((rdn) =>
      rdn.map(({ type, text, as }) => `${type}=${text}${as === "utf8" ? "" : `(${as})`}`).join("+"),
    )
    .join("/");
}

function specText(spec: CertificateSpec, at: number): string {
  const days = (time: number): string => {
    const distance = (time - at) / 86_400_000;
    return `${distance >= 0 ? "+" : ""}${Math.abs(distance) < 1 ? `${time - at}ms` : `${distance.toFixed(1)}d`}`;
  };
  return [
    `v${spec.version} ${nameText(spec.subject)} <- ${nameText(spec.issuer)}`,
    `    key ${keyAt(spec.key).label} signed by ${keyAt(spec.signer).label} ${spec.hash}${spec.damage === "none" ? "" : ` damaged ${spec.damage}`}, valid ${days(spec.notBefore)} to ${days(spec.notAfter)}`,
    ...spec.extensions.map(({ label, critical }) => `    ${critical ? "!" : " "}${label}`),
  ].join("\n");
}

/** A case as one can read it, with the certificates to try it elsewhere. */
export function printCase(each: EstateCase, withCertificates: boolean): string {
  const list = (title: string, specs: readonly CertificateSpec[]): readonly string[] =>
    specs.flatMap((spec, index) => [
      `  ${title} ${index}: ${specText(spec, each.at)}`,
      ...(withCertificates ? [`    ${encodeCertificate(spec).toString("base64")}`] : []),
    ]);
  return [
    `seed ${each.seed}, host ${each.host ?? "none"}, at ${new Date(each.at).toISOString()}`,
    ...list("sent", each.chain),
    ...list("anchor", each.anchors),
  ].join("\n");
}
