import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { parseEstate } from "../../../src/estate/load-estate.ts";
import { DISK_FILES } from "../../../src/estate/systems/disk-files.ts";
import { fragmentJson, fragmentYaml } from "../../../src/estate/systems/fragment-yaml.ts";
import type { Place } from "../../../src/estate/systems/origin.ts";
import { detectImporter, IMPORTERS } from "../../../src/estate/systems/registry.ts";
import { type CompletedImport, runImport } from "../../../src/estate/systems/run-import.ts";
import { SourceReader } from "../../../src/estate/systems/source-reader.ts";
import { type Example, EXAMPLES, MARK } from "./examples.ts";
import { type FixtureFiles, fixtureFolder } from "./import-files.ts";

const pathsOf = (folder: string, { paths = [""] }: Example): readonly string[] =>
  paths.map((path) => join(folder, path));

async function imported(folder: string, example: Example): Promise<CompletedImport> {
  const done = await runImport(
    {
      system: example.system,
      paths: pathsOf(folder, example),
      as: null,
      version: null,
      host: example.host ?? null,
      roots: [folder],
    },
    { files: DISK_FILES, environment: {} },
  );
  if (!done.ok) throw new Error(`${example.system}: ${done.error.message}`);
  return done.value;
}

t.test("EXAMPLES has every system", (t) => {
  t.strictSame(
    IMPORTERS.filter(({ system }) => !EXAMPLES.some((each) => each.system === system)),
    [],
  );
  t.end();
});

/** Everything that is printed or shown of an import. */
const outputOf = ({ fragment }: CompletedImport): string =>
  `${fragmentYaml(fragment)}\n${fragmentJson(fragment)}`;

for (const example of EXAMPLES)
  t.test(`${example.system}: what import prints is an estate, and holds no password`, async (t) => {
    const folder = fixtureFolder(t, example.files);
    const done = await imported(folder, example);
    const { document, origins, notes, issues } = done.fragment;
    t.notMatch(outputOf(done), MARK);
    const estate = parseEstate(join(folder, "estate.yaml"), fragmentYaml(done.fragment));
    t.ok(estate.ok, estate.ok ? "" : JSON.stringify(estate.error));
    const { clients, endpoints } = document;
    t.ok(Object.keys(clients).length + Object.keys(endpoints).length > 0);

    const places: Place[] = [...notes, ...issues].flatMap(({ place }) => place ?? []);
    for (const { origin } of origins)
      if (origin.kind === "derived") places.push(...origin.places);
      else if (origin.place !== null) places.push(origin.place);
    for (const { file, line, column } of places) {
      t.ok(existsSync(file), `${file} exists`);
      const text = readFileSync(file, "latin1").split(/\r\n|\n|\r/u)[line - 1] ?? "";
      t.ok(line >= 1 && column >= 1 && column <= text.length + 1, `${file}:${line}:${column}`);
    }
    const explained = new Set(origins.map(({ path }) => path.slice(0, 2).join(" ")));
    for (const section of ["truststores", "clients", "endpoints"] as const)
      for (const name of Object.keys(document[section]))
        t.ok(explained.has(`${section} ${name}`), `${section} ${name} says where it comes from`);
    t.equal(
      origins.filter(({ path }) => path[0] === "links").length,
      document.links.length,
      "every link says why",
    );

    const [first = folder] = pathsOf(folder, example);
    const reader = new SourceReader(DISK_FILES);
    reader.allow(folder);
    t.equal((await detectImporter(first, reader))?.system, example.system, "auto finds it");
  });

/** Files that Java reads as properties: there a byte order mark belongs to the first key. */
const PROPERTIES = /\.(?:properties|props|prefs)$/u;

/** The document without the folder that it was made in. */
const shown = (done: CompletedImport, folder: string): unknown =>
  JSON.parse(JSON.stringify(done.fragment.document).replaceAll(folder, "/F"));

const changed = (
  files: FixtureFiles,
  which: readonly string[],
  change: (text: string) => string | Uint8Array,
): FixtureFiles =>
  Object.fromEntries(
    Object.entries(files).map(([path, content]) => [
      path,
      which.includes(path) && typeof content === "string" ? change(content) : content,
    ]),
  );

async function documentOf(t: Test, example: Example, files: FixtureFiles): Promise<unknown> {
  const folder = fixtureFolder(t, files);
  return shown(await imported(folder, example), folder);
}

t.test("import reads ends of lines of Windows, byte order marks and UTF-16 alike", async (t) => {
  for (const example of EXAMPLES)
    await t.test(example.system, async (t) => {
      const { files, crlf, utf16 = [] } = example;
      const plain = await documentOf(t, example, files);
      const variants: readonly (readonly [string, FixtureFiles])[] = [
        ["CRLF", changed(files, crlf, (text) => text.replaceAll("\n", "\r\n"))],
        [
          "a byte order mark",
          changed(
            files,
            crlf.filter((path) => !PROPERTIES.test(path)),
            (text) => `\uFEFF${text}`,
          ),
        ],
        ["UTF-16", changed(files, utf16, (text) => Buffer.from(`\uFEFF${text}`, "utf16le"))],
        [
          "a comment in Latin-1",
          changed(files, utf16, (text) =>
            text.includes("<?xml") || !text.startsWith("<")
              ? text
              : Buffer.from(`<!-- gr\u00fc\u00dfe -->${text}`, "latin1"),
          ),
        ],
      ];
      for (const [name, variant] of variants)
        t.strictSame(await documentOf(t, example, variant), plain, name);
    });
});

t.test("import says that a byte order mark spoils the first key of properties", async (t) => {
  const files = {
    "client.properties":
      "\uFEFFsecurity.protocol=SSL\nbootstrap.servers=k.example.net:9093\nssl.truststore.location=ca.pem\n",
  };
  const folder = fixtureFolder(t, files);
  const { fragment } = await imported(folder, { system: "kafka", files, crlf: [] });
  t.ok(fragment.notes.some(({ message }) => message.includes("byte order mark")));
  t.ok(fragment.notes.some(({ message }) => message.includes("speaks without TLS")));
});
