import { readFileSync } from "node:fs";
import { Command } from "commander";
import { linesOnScreen } from "../report/on-screen.ts";
import { alertsCommand } from "./alerts.ts";
import { checkCommand } from "./check.ts";
import { daemonCommand } from "./daemon.ts";
import { demoCommand } from "./demo.ts";
import { estateCommand } from "./estate.ts";
import { explainCommand } from "./explain.ts";
import { forecastCommand } from "./forecast.ts";
import { historyCommand } from "./history.ts";
import { importCommand } from "./import.ts";
import { judgeCommand } from "./judge.ts";
import { rotateCommand } from "./rotate.ts";
import { storeCommand } from "./store.ts";
import { surveyCommand } from "./survey.ts";
import { tokenCommand } from "./token.ts";
import { whatIfCommand } from "./whatif.ts";

/** The version that package.json states. */
function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const manifest: unknown = JSON.parse(text);
  const found =
    typeof manifest === "object" && manifest !== null && "version" in manifest
      ? manifest.version
      : null;
  return typeof found === "string" ? found : "unknown";
}

/** The command line with every command; a mistake in it is thrown as CommanderError, after it was printed. */
export function program(): Command {
  const root = new Command("anchorwatch")
    .description(
      "Watches the trust between systems: judges TLS endpoints against the truststores of the clients that depend on them, as each client would",
    )
    .version(version(), "--version", "print the version")
    .addHelpText(
      "after",
      `
Exit codes: 0 nothing wrong, 1 warnings only, 2 a problem found, 3 could not be
checked, 64 usage or configuration error`,
    );
  for (const command of [
    checkCommand(),
    surveyCommand(),
    judgeCommand(),
    storeCommand(),
    explainCommand(),
    importCommand(),
    whatIfCommand(),
    forecastCommand(),
    rotateCommand(),
    estateCommand(),
    daemonCommand(),
    alertsCommand(),
    historyCommand(),
    tokenCommand(),
    demoCommand(),
  ])
    root.addCommand(command);
  prepare(root, "anchorwatch");
  return root;
}

/** What is the same in every command; commander hands settings down only to commands that are made afterwards. */
function prepare(command: Command, path: string): void {
  const lists = command.commands.length > 0 ? "the commands" : "the options";
  command
    .exitOverride()
    .helpOption("-h, --help", "print help")
    .showHelpAfterError(`('${path} --help' lists ${lists})`)
    .configureOutput({
      outputError: (text, write) => write(linesOnScreen(mistakeText(text))),
    });
  if (command.commands.length > 0) command.helpCommand("help [command]", "print help");
  for (const each of command.commands) prepare(each, `${path} ${each.name()}`);
}

/** A mistake as commander words it, without the value of an unknown option: that may be a password. */
function mistakeText(text: string): string {
  return text
    .replace(/^error: /, "anchorwatch: ")
    .replace(/(unknown option '--?[\w-]+)=[^\n]*'/, "$1'");
}
