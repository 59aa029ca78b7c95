import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { checkCommand } from "./check.ts";
import { daemonCommand } from "./daemon.ts";
import { demoCommand } from "./demo.ts";
import { judgeCommand } from "./judge.ts";
import { storeCommand } from "./store.ts";
import { UsageError } from "./usage-error.ts";

const EXIT_USAGE = 64;

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

function program(): Command {
  const root = new Command("anchorwatch")
    .description(
      "Watches the trust between systems: judges TLS endpoints against the truststores of the clients that depend on them, as each client would",
    )
    .version(version(), "--version", "print the version")
    .helpOption("-h, --help", "print help")
    .showHelpAfterError("(anchorwatch --help lists the commands)")
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, "anchorwatch: ")),
    })
    .addHelpText(
      "after",
      "\nExit codes: 0 nothing wrong, 1 warnings only, 2 a problem found, 3 could not be checked, 64 usage or configuration error",
    );
  for (const command of [
    checkCommand(),
    judgeCommand(),
    storeCommand(),
    daemonCommand(),
    demoCommand(),
  ])
    root.addCommand(command.copyInheritedSettings(root));
  for (const command of everyCommand(root)) command.exitOverride();
  return root;
}

function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** A reader that closes its end of a pipe ends the program quietly, as it does other Unix tools. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await program().parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
  else if (error instanceof UsageError) {
    process.stderr.write(`anchorwatch: ${error.message}\n`);
    process.exitCode = EXIT_USAGE;
  } else throw error;
}
