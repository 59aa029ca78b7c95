import { basename, dirname, join } from "node:path";
import type { ImportBuilder } from "../import-builder.ts";
import type { Place } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import {
  parseServiceManagerCfg,
  parseServiceManagerIni,
  type ServiceManagerParameter,
} from "./parse-parameters.ts";
import { type PlacedParameter, ServiceManagerProcess } from "./process.ts";

/** The configuration of a Service Manager server. */
export interface ServiceManagerServer {
  /** The RUN folder: relative paths are taken from it. */
  readonly run: string;
  readonly processes: readonly ServiceManagerProcess[];
}

/** Most processes that are read: real installations have dozens. */
const MAX_PROCESSES = 1000;

/** Reads sm.ini and sm.cfg of a RUN folder, or beside one of the two. Null when neither is there. */
export async function readServiceManager(
  path: string,
  reader: SourceReader,
  builder: ImportBuilder,
): Promise<ServiceManagerServer | null> {
  const run = await runFolder(path, reader);
  if (run === null) return null;
  const ini = join(run, "sm.ini");
  const common: PlacedParameter[] = [];
  if ((await reader.look(ini)) !== null) {
    const source = await reader.read(ini);
    if (source.ok)
      for (const each of parseServiceManagerIni(source.value.text))
        common.push(placed(each, ini, true));
    else builder.unreadable(source.error, null);
  } else
    builder.note(`${ini} is not there; defaults are taken`, {
      file: ini,
      line: 1,
      column: 1,
      at: "sm.ini",
    });
  const whole: Place = { file: ini, line: 1, column: 1, at: "sm.ini" };
  const own = await commandLines(join(run, "sm.cfg"), reader, builder);
  const processes = own
    .slice(0, MAX_PROCESSES)
    .map(({ parameters, place }) => new ServiceManagerProcess([...common, ...parameters], place));
  return {
    run,
    processes: processes.length > 0 ? processes : [new ServiceManagerProcess(common, whole)],
  };
}

interface CommandLine {
  readonly parameters: readonly PlacedParameter[];
  readonly place: Place;
}

/** The command lines that start something with ports of its own. */
async function commandLines(
  file: string,
  reader: SourceReader,
  builder: ImportBuilder,
): Promise<readonly CommandLine[]> {
  if ((await reader.look(file)) === null) return [];
  const source = await reader.read(file);
  if (!source.ok) {
    builder.unreadable(source.error, null);
    return [];
  }
  return parseServiceManagerCfg(source.value.text)
    .filter(({ parameters }) => parameters.some(({ name }) => /^https?port$/iu.test(name)))
    .map(({ parameters, position }) => ({
      parameters: parameters.map((each) => placed(each, file, false)),
      place: { file, ...position, at: "sm.cfg" },
    }));
}

const placed = (
  parameter: ServiceManagerParameter,
  file: string,
  inIni: boolean,
): PlacedParameter => ({
  ...parameter,
  place: { file, ...parameter.position, at: parameter.name },
  valuePlace: { file, ...parameter.valuePosition, at: parameter.name },
  inIni,
});

/** The RUN folder of a path: itself, the one below it, or that of a file; null when there is no configuration. */
export async function runFolder(path: string, reader: SourceReader): Promise<string | null> {
  const name = basename(path).toLowerCase();
  if (name === "sm.ini" || name === "sm.cfg") return dirname(path);
  for (const folder of [path, join(path, "RUN"), join(path, "Server", "RUN")])
    for (const file of ["sm.ini", "sm.cfg"])
      if ((await reader.look(join(folder, file)))?.kind === "file") return folder;
  return null;
}
