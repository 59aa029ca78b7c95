import { type Command, InvalidArgumentError } from "commander";
import { suggest } from "../estate/suggest.ts";
import {
  CLIENT_SYSTEMS,
  type ClientSystem,
  isClientSystem,
  isServerSystem,
  SERVER_SYSTEMS,
  type ServerSystem,
} from "../trust/system-names.ts";

/** Options that say what remedies are written for, and where their files go. */
export interface SystemOptions {
  readonly system?: ClientSystem;
  readonly serverSystem?: ServerSystem;
  /** A folder. */
  readonly extract?: string;
}

/** Adds the options to a command. */
export function addSystemOptions(command: Command): Command {
  return command
    .option(
      "--system <name>",
      "system that the client runs in, which the repair is written for: java, liberty, nginx, ...",
      parseClientSystem,
    )
    .option(
      "--server-system <name>",
      "system that answers: nginx, tomcat, liberty, ...",
      parseServerSystem,
    )
    .option(
      "--extract <folder>",
      "write the certificates that the repair names into this folder, as PEM",
      parseFolder,
    );
}

function parseClientSystem(value: string): ClientSystem {
  if (isClientSystem(value)) return value;
  throw new InvalidArgumentError(unknown(value, CLIENT_SYSTEMS));
}

function parseServerSystem(value: string): ServerSystem {
  if (isServerSystem(value)) return value;
  throw new InvalidArgumentError(unknown(value, SERVER_SYSTEMS));
}

function unknown(value: string, known: readonly string[]): string {
  const close = suggest(value, known);
  const hint = close === null ? "" : ` (did you mean ${close}?)`;
  return `Known are ${known.join(", ")}${hint}`;
}

function parseFolder(value: string): string {
  if (value === "") throw new InvalidArgumentError("Name a folder");
  return value;
}
