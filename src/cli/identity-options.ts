import { type Command, InvalidArgumentError } from "commander";
import { parseFile, PASSWORD_SPEC } from "./common-options.ts";
import { UsageError } from "./usage-error.ts";
import type { KeyManager } from "../trust/key-policy.ts";

/** Options that say what a client authenticates itself with. */
export interface IdentityOptions {
  readonly cert?: string;
  readonly key?: string;
  readonly keystore?: string;
  readonly keystorePassword?: string;
  readonly keyPassword?: string;
  readonly alias?: string;
  readonly keyManager?: KeyManager;
}

/** Adds the options to a command. */
export function addIdentityOptions(command: Command): Command {
  return command
    .option("--cert <file>", "client certificate, PEM, with its chain", parseFile)
    .option("--key <file>", "key of the client certificate, PEM", parseFile)
    .option(
      "--keystore <file>",
      "JKS, JCEKS, PKCS#12 or PEM file with the client's certificate and key",
      parseFile,
    )
    .option("--keystore-password <spec>", PASSWORD_SPEC)
    .option("--key-password <spec>", `${PASSWORD_SPEC} (default: that of the keystore)`)
    .option("--alias <name>", "entry of the keystore (default: as the client chooses)")
    .option(
      "--key-manager <name>",
      "SunX509 or NewSunX509: how a Java client chooses (default: SunX509)",
      parseKeyManager,
    );
}

/** Refuses options that contradict each other or would have no effect. @throws {UsageError} */
export function checkIdentityOptions(options: IdentityOptions): void {
  const { cert, key, keystore, keystorePassword, keyPassword, alias, keyManager } = options;
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError("--cert and --key belong together");
  if (cert !== undefined && keystore !== undefined)
    throw new UsageError("--cert with --key and --keystore exclude each other");
  if (keystorePassword !== undefined && keystore === undefined)
    throw new UsageError("--keystore-password is the password of --keystore, which is missing");
  if (keyPassword !== undefined && key === undefined && keystore === undefined)
    throw new UsageError("--key-password is the password of --key, which is missing");
  if (alias !== undefined && keystore === undefined)
    throw new UsageError("--alias is an entry of --keystore, which is missing");
  if (keyManager !== undefined && cert === undefined && keystore === undefined)
    throw new UsageError("--key-manager chooses from --keystore or --cert, which are missing");
}

function parseKeyManager(value: string): KeyManager {
  if (value === "SunX509" || value === "NewSunX509") return value;
  throw new InvalidArgumentError("Use SunX509 or NewSunX509");
}
