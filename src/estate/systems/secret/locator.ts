import { fail, ok, type Result } from "../../../x509/result.ts";
import { locateInData } from "../data/locate.ts";
import type { Sourced } from "../origin.ts";
import { parseProperties, propertyOf } from "../properties/parse-properties.ts";
import type { SourceText } from "../source-reader.ts";
import type { XmlElement } from "../xml/element.ts";
import { parseXml } from "../xml/parse-xml.ts";

/**
 * A place inside a configuration file, as the estate writes it behind `at:`, in one of these forms:
 * - `xml:server/keyStore[@id='x']/@password`, `xml:a/b[2]` (the text of an element); namespaces' prefixes as written
 * - `properties:KEY`: by the rules of java.util.Properties
 * - `property:2:KEY`: the same for the second occurrence of a key, where a file has several groups
 * - `env:NAME`: a line `NAME=value` (server.env, shell settings), quotes around the value are taken off
 * - `option:NAME`: a Java option `-DNAME=value` anywhere in the file
 * - `colon:NAME`: a line `NAME:value` (sm.ini)
 * - `line:NUMBER`: a line as it is
 * - `path:a.b[0].c`: a value in YAML or JSON
 */
export const LOCATOR_PATTERN =
  /^(?:xml|properties|property|env|option|colon|line|path):[^\p{C}\p{Zl}\p{Zp}]{1,512}$/u;

/** Finds the text at a place of a configuration file. The error names the place and never shows a value. */
export function locate(source: SourceText, at: string): Result<string, string> {
  const split = at.indexOf(":");
  const [kind, rest] = [at.slice(0, split), at.slice(split + 1)];
  const found = find(source, kind, rest);
  if (!found.ok) return found;
  return found.value === null
    ? fail(`${source.file} has nothing at ${at}; was the configuration changed?`)
    : ok(found.value);
}

function find(source: SourceText, kind: string, rest: string): Result<string | null, string> {
  switch (kind) {
    case "xml": {
      const root = parseXml(source);
      return root.ok
        ? ok(inXml(root.value, rest))
        : fail(`${source.file} is ${root.error.message} (line ${root.error.place.line})`);
    }
    case "properties":
      return ok(valueOf(propertyOf(parseProperties(source), rest)));
    case "property": {
      const [, nth, key] = /^(\d{1,6}):(.*)$/s.exec(rest) ?? [];
      const same = parseProperties(source).filter((property) => property.key === key);
      return ok(same[Number(nth) - 1]?.value ?? null);
    }
    case "env":
      return ok(lineValue(source.text, `${rest}=`, true));
    case "colon":
      return ok(lineValue(source.text, `${rest}:`, false));
    case "option":
      return ok(javaOption(source.text, rest));
    case "line":
      return ok(source.text.split(/\r\n|\r|\n/)[Number(rest) - 1] ?? null);
    case "path":
      return ok(locateInData(source.text, rest));
    default:
      return fail(`Place ${kind}: is not known`);
  }
}

const valueOf = (sourced: Sourced<string> | null): string | null => sourced?.value ?? null;

function lineValue(text: string, start: string, unquote: boolean): string | null {
  const line = text
    .split(/\r\n|\r|\n/)
    .map((each) => each.trim())
    .findLast((each) => each.startsWith(start));
  if (line === undefined) return null;
  const value = line.slice(start.length).trim();
  const [, inner] = /^(?:"(.*)"|'.*')$/s.exec(value) ?? [];
  return unquote && inner !== undefined ? inner : value;
}

/** The value of the last `-Dname=value`: up to white space, or up to the quote that the option began with. */
function javaOption(text: string, name: string): string | null {
  const start = `-D${name}=`;
  const index = text.lastIndexOf(start);
  if (index === -1) return null;
  const before = text.charAt(index - 1);
  const rest = text.slice(index + start.length);
  // as in javaOptions(): a quote behind `=` opens a list of words
  const isOption = (before === '"' || before === "'") && text.charAt(index - 2) !== "=";
  const quote = isOption ? before : null;
  const end = rest.search(quote === null ? /[\s"']/ : quote === '"' ? /["\r\n]/ : /['\r\n]/);
  return end === -1 ? rest : rest.slice(0, end);
}

/** Steps `name`, `name[2]`, `name[@id='x']`, at the end `@attribute`; the first step is the root. */
function inXml(root: XmlElement, path: string): string | null {
  let candidates: readonly XmlElement[] = [root];
  let first = true;
  for (const step of splitSteps(path)) {
    if (step.startsWith("@")) return candidates[0]?.attributes.get(step.slice(1))?.value ?? null;
    const [, name = "", nth, attribute, value] =
      /^([^[\]]+)(?:\[(?:(\d+)|@([^=\]]+)='([^']*)')\])?$/.exec(step) ?? [];
    const pool = first ? candidates : (candidates[0]?.children ?? []);
    first = false;
    const named = pool.filter((element) => element.name === name);
    candidates =
      attribute === undefined
        ? named.slice(Number(nth ?? 1) - 1)
        : named.filter((element) => element.attributes.get(attribute)?.value === value);
  }
  return candidates[0]?.text ?? null;
}

/** Splits at slashes that are not inside a quoted value. */
const splitSteps = (path: string): readonly string[] => path.match(/(?:[^/']|'[^']*')+/g) ?? [];
