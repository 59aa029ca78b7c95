import { type DataNode, itemsOf, member, textOf } from "./data-node.ts";
import { parseJson } from "./parse-json.ts";
import { parseYaml } from "./parse-yaml.ts";

/**
 * The text at a path such as `a.b[0].c` of a JSON or YAML text; null when nothing is there. A key may itself hold dots:
 * `server.ssl: {key: x}` and `{server: {ssl: {key: x}}}` are found alike. Of several YAML documents the last that has it counts.
 */
export function locateInData(text: string, path: string): string | null {
  const json = /^\s*[{[]/u.test(text) ? parseJson(text) : null;
  const documents = json?.ok === true ? [json.value] : parseYaml(text).documents;
  for (const document of documents.toReversed()) {
    const found = textOf(step(document, path, 0));
    if (found !== null) return found;
  }
  return null;
}

const MAX_STEPS = 100;

function step(node: DataNode | null, path: string, depth: number): DataNode | null {
  if (node === null || path === "") return node;
  if (depth > MAX_STEPS) return null;
  const [whole, index] = /^\[(\d{1,9})\]\.?/u.exec(path) ?? [];
  if (whole !== undefined)
    return step(itemsOf(node)[Number(index)] ?? null, path.slice(whole.length), depth + 1);
  for (let end = 1; end <= path.length; end += 1) {
    const behind = path.charAt(end);
    if (behind !== "" && behind !== "." && behind !== "[") continue;
    const inside = member(node, path.slice(0, end));
    if (inside === null) continue;
    const found = step(inside, path.slice(behind === "." ? end + 1 : end), depth + 1);
    if (found !== null) return found;
  }
  return null;
}
