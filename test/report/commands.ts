import t from "tap";
import { repairSteps } from "../../src/report/check/repair-text.ts";
import { isCommand } from "../../src/report/commands.ts";

t.test("isCommand() knows commands from sentences", async (t) => {
  for (const command of [
    "keytool -importcert -file ca.cer",
    "update-ca-certificates",
    "cp ca.cer /usr/local/share/ca-certificates/ca.crt",
    "/opt/IBM/java/bin/keytool -list",
  ])
    t.ok(isCommand(command), command);
  for (const sentence of [
    "Restart the client",
    "nginx: ssl_certificate with the full chain file",
    "Openssl is the tool",
    "catalogue",
    "",
  ])
    t.notOk(isCommand(sentence), sentence);
});

t.test("repairSteps() puts commands that follow one another into one step", async (t) => {
  t.same(repairSteps(["Get it", "cp a b", "update-ca-certificates", "Restart", "ls -l b"]), [
    { text: "Get it", commands: [] },
    { text: "Run", commands: ["cp a b", "update-ca-certificates"] },
    { text: "Restart", commands: [] },
    { text: "Run", commands: ["ls -l b"] },
  ]);
});

t.test("repairSteps() takes the command out of a sentence that ends in it", async (t) => {
  t.same(repairSteps(["Compare it: note: openssl x509 -in a.pem -noout -text: x"]), [
    { text: "Compare it: note:", commands: ["openssl x509 -in a.pem -noout -text: x"] },
  ]);
});
