import { basename, join } from "node:path";
import type { Certificate } from "../../../x509/certificate.ts";
import { certificatesFromPem } from "../certificate-text.ts";
import { type DataNode, itemsOf, member, memberAt, textOf } from "../data/data-node.ts";
import { parseYaml } from "../data/parse-yaml.ts";
import type { ImportBuilder } from "../import-builder.ts";
import type { Place } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";

/** A resource of Kubernetes as a file describes it. */
export interface Manifest {
  /** E.g. `icp4a.ibm.com/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly node: DataNode;
  /** Where it begins. */
  readonly place: Place;
}

/** Longest value of a Secret or ConfigMap that is looked at. */
const MAX_VALUE = 2 ** 21;

const isYaml = (name: string): boolean => /\.ya?ml$/iu.test(name);

/** The YAML files of a path: itself, or those directly in a folder. */
export async function manifestFiles(
  path: string,
  reader: SourceReader,
): Promise<readonly string[]> {
  if ((await reader.look(path))?.kind !== "folder") return isYaml(path) ? [path] : [];
  const names = await reader.list(path);
  return names.ok ? names.value.filter(isYaml).map((name) => join(path, name)) : [];
}

/** Whether a file among those of a path is likely to hold a resource, by a text that stands in it. */
export async function mentions(path: string, text: string, reader: SourceReader): Promise<boolean> {
  for (const file of await manifestFiles(path, reader)) {
    const source = await reader.read(file);
    if (source.ok && source.value.text.includes(text)) return true;
  }
  return false;
}

/** The resources in the YAML files of a path, in their order, those in a `List` among them. */
export async function readManifests(
  path: string,
  reader: SourceReader,
  builder: ImportBuilder,
): Promise<readonly Manifest[]> {
  const found: Manifest[] = [];
  for (const file of await manifestFiles(path, reader)) {
    const source = await reader.read(file);
    if (!source.ok) {
      builder.unreadable(source.error, null);
      continue;
    }
    const { documents, faults } = parseYaml(source.value.text);
    for (const { position, message } of faults.slice(0, 1))
      builder.issue({
        code: "estate.file-unreadable",
        severity: "warning",
        summary: `${basename(file)} is not read in whole: ${message}`,
        place: { file, ...position, at: "" },
        remedy: ["Correct the file, or render it first where it is a template"],
      });
    for (const document of documents) found.push(...resourcesIn(document, file, 0));
  }
  return found;
}

function resourcesIn(node: DataNode, file: string, depth: number): readonly Manifest[] {
  const kind = textOf(member(node, "kind"));
  if (kind === null) return [];
  if (kind === "List" && depth === 0)
    return itemsOf(member(node, "items")).flatMap((item) => resourcesIn(item, file, 1));
  const name = textOf(memberAt(node, "metadata", "name")) ?? "";
  const apiVersion = textOf(member(node, "apiVersion")) ?? "";
  return [
    { apiVersion, kind, name, node, place: { file, ...node.position, at: `${kind} ${name}` } },
  ];
}

/** A certificate with the place of the text that holds it. */
export interface HeldCertificate {
  readonly certificate: Certificate;
  readonly place: Place;
}

/** The certificates that Secrets and ConfigMaps hold as PEM, whatever their keys. Nothing else of a Secret is looked at. */
export class HeldCertificates {
  readonly #resources = new Map<string, Manifest>();
  readonly #read = new Map<string, readonly HeldCertificate[]>();

  constructor(manifests: readonly Manifest[]) {
    for (const each of manifests) {
      const key = keyOf(each.kind, each.name);
      if (!this.#resources.has(key)) this.#resources.set(key, each);
    }
  }

  /** Those of one resource; null where the files have none of that name. */
  of(kind: "Secret" | "ConfigMap", name: string): readonly HeldCertificate[] | null {
    const key = keyOf(kind, name);
    const resource = this.#resources.get(key);
    if (resource === undefined) return null;
    let held = this.#read.get(key);
    if (held === undefined) this.#read.set(key, (held = certificatesIn(resource)));
    return held;
  }
}

const keyOf = (kind: string, name: string): string => JSON.stringify([kind, name]);

function certificatesIn(resource: Manifest): readonly HeldCertificate[] {
  const isSecret = resource.kind === "Secret";
  const encoded = isSecret ? valuesOf(resource, "data", true) : [];
  const plain = valuesOf(resource, isSecret ? "stringData" : "data", false);
  return [...encoded, ...plain].flatMap(({ text, place }) =>
    certificatesFromPem(text).map((certificate) => ({ certificate, place })),
  );
}

function valuesOf(
  { node, place }: Manifest,
  section: string,
  isEncoded: boolean,
): readonly { readonly text: string; readonly place: Place }[] {
  const values = member(node, section);
  if (values?.kind !== "map") return [];
  return [...values.entries].flatMap(([key, { value, keyPosition }]) => {
    const written = textOf(value);
    if (written === null || written.length > MAX_VALUE) return [];
    const text = isEncoded ? Buffer.from(written, "base64").toString("latin1") : written;
    return text.includes("-----BEGIN CERTIFICATE-----")
      ? [{ text, place: { file: place.file, ...keyPosition, at: `${place.at} ${section}.${key}` } }]
      : [];
  });
}
