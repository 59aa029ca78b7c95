import { readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import t, { type Test } from "tap";
import { parseStore } from "../../src/truststore/parse-store.ts";
import type { StoreFamily } from "../../src/truststore/truststore.ts";
import { writePem } from "../../src/x509/pem.ts";
import { requireTool } from "../tools.ts";
import { at, type Pki, publicRoots, requirePki, run, scratch } from "./material.ts";

/** One certificate in many layouts; `pem` has lines of 64 characters. */
function layouts(pem: string): Readonly<Record<string, string | Uint8Array>> {
  const base64 = pem.replaceAll(/-----[^-]+-----|\s/g, "");
  const lines = base64.match(/.{1,64}/g)?.join("\n") ?? "";
  const block = (label: string, body: string): string =>
    `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
  const other = writePem("CERTIFICATE", at(publicRoots, 0));
  return {
    plain: pem,
    crlf: pem.replaceAll("\n", "\r\n"),
    cr: pem.replaceAll("\n", "\r"),
    "byte order mark": `\ufeff${pem}`,
    "byte order mark and comment": `\ufeff# a comment\n${pem}`,
    comments: `# before\nCN = Root: the one\n${pem}# behind\n`,
    "no final line end": pem.trimEnd(),
    "one line of base64": block("CERTIFICATE", base64),
    "lines of 76": block("CERTIFICATE", base64.match(/.{1,76}/g)?.join("\n") ?? ""),
    "lines of 1000": block("CERTIFICATE", base64.match(/.{1,1000}/g)?.join("\n") ?? ""),
    indented: pem.replaceAll(/^(?=.)/gm, "  "),
    "indented base64": block("CERTIFICATE", lines.replaceAll(/^/gm, "\t")),
    "behind text": `CN=Root ${pem}`,
    "utf-16": Buffer.from(`\ufeff${pem}`, "utf16le"),
    "utf-16 big-endian": Buffer.from(`\ufeff${pem}`, "utf16le").swap16(),
    "iso 8859-1": Buffer.from(`# \u00fcber\n${pem}`, "latin1"),
    "old label": block("X509 CERTIFICATE", lines),
    "trusted label": block("TRUSTED CERTIFICATE", lines),
    headers: block("CERTIFICATE", `X-Comment: yes\n\n${lines}`),
    "empty line": block("CERTIFICATE", lines.replace("\n", "\n\n")),
    "blanks at line ends": pem.replaceAll("\n", " \t\n"),
    "all on one line": `-----BEGIN CERTIFICATE-----${base64}-----END CERTIFICATE-----\n`,
    "form feed": `\f${pem}`,
    "behind another": `${other}${pem}`,
    "in front of another": `${pem}${other}`,
    "behind one that is no certificate": `${block("CERTIFICATE", "MAA=")}${pem}`,
    "in front of one that is no certificate": `${pem}${block("CERTIFICATE", "MAA=")}`,
  };
}

/** Whether a server with the PKI's chain is trusted with these bytes as option `ca`. */
async function nodeTrusts(pki: Pki, ca: Uint8Array): Promise<boolean> {
  const server = createServer({
    key: readFileSync(pki.leafKey),
    cert: `${readFileSync(pki.leaf, "utf8")}${readFileSync(pki.intermediate, "utf8")}`,
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise<boolean>((resolve) => {
      const options = { host: "127.0.0.1", port, ca: Buffer.from(ca), rejectUnauthorized: false };
      const socket = connect({ ...options, servername: "server.example.com" }, () => {
        resolve(socket.authorized);
        socket.destroy();
      });
      socket.on("error", () => resolve(false));
    });
  } finally {
    server.close();
  }
}

function opensslTrusts(openssl: string, pki: Pki, file: string): boolean {
  try {
    const store = ["-no-CApath", "-no-CAstore", "-CAfile", file];
    run(openssl, ["verify", ...store, "-untrusted", pki.intermediate, pki.leaf]);
    return true;
  } catch {
    return false;
  }
}

const GO_PROGRAM = `package main

import ("crypto/x509"; "encoding/pem"; "fmt"; "os")

func main() {
	leafText, _ := os.ReadFile(os.Args[1])
	middleText, _ := os.ReadFile(os.Args[2])
	leafBlock, _ := pem.Decode(leafText)
	leaf, _ := x509.ParseCertificate(leafBlock.Bytes)
	middle := x509.NewCertPool()
	middle.AppendCertsFromPEM(middleText)
	for _, name := range os.Args[3:] {
		text, _ := os.ReadFile(name)
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(text)
		_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: middle})
		fmt.Println(err == nil)
	}
}
`;

/** Whether we say that a kind of client takes the PKI's root out of these bytes. */
async function weSay(pki: Pki, bytes: Uint8Array, family: StoreFamily): Promise<boolean> {
  const read = await parseStore(bytes, { password: null });
  if (!read.ok) throw new Error(read.error.message);
  return read.value.entries.some(
    ({ der, visibleTo }) => visibleTo[family].visible && Buffer.compare(der, pki.der[2]) === 0,
  );
}

function prepare(
  t: Test,
): { openssl: string; pki: Pki; files: readonly (readonly [string, string])[] } | undefined {
  const made = requirePki(t);
  if (made === undefined) return undefined;
  const files = Object.entries(layouts(readFileSync(made.pki.root, "utf8"))).map(
    ([name, content], index) => {
      const path = scratch(`layout-${index}.pem`);
      writeFileSync(path, content);
      return [name, path] as const;
    },
  );
  return { ...made, files };
}

t.test("pemLayout() says what openssl and Node.js take, in every layout", async (t) => {
  const made = prepare(t);
  if (made === undefined) return;
  for (const [name, file] of made.files) {
    const bytes = readFileSync(file);
    t.equal(
      await weSay(made.pki, bytes, "openssl"),
      opensslTrusts(made.openssl, made.pki, file),
      `openssl: ${name}`,
    );
    t.equal(
      await weSay(made.pki, bytes, "nodejs"),
      await nodeTrusts(made.pki, bytes),
      `Node.js: ${name}`,
    );
  }
});

t.test("pemLayout() says what Go takes, in every layout", async (t) => {
  const made = prepare(t);
  const go = made === undefined ? undefined : requireTool(t, "go");
  if (made === undefined || go === undefined) return;
  const program = scratch("layout.go");
  writeFileSync(program, GO_PROGRAM);
  const { pki, files } = made;
  const answers = run(go, ["run", program, pki.leaf, pki.intermediate, ...files.map(([, f]) => f)]);
  for (const [index, answer] of answers.trimEnd().split("\n").entries()) {
    const [name, file] = at(files, index);
    t.equal(String(await weSay(pki, readFileSync(file), "go")), answer, `Go: ${name}`);
  }
});

t.test("readPem() names the line of what is not base64", async (t) => {
  const lines = writePem("CERTIFICATE", at(publicRoots, 0)).split("\n");
  const broken = (line: number, text: string): Uint8Array =>
    Buffer.from(["# first", ...lines.toSpliced(line - 2, 1, text)].join("\r\n"));
  t.match(await parseStore(broken(5, "MIIF$azz"), { password: null }), {
    error: {
      code: "malformed",
      line: 5,
      message:
        "The CERTIFICATE block of line 2 is not valid base64: line 5 has a character that is none",
    },
  });
  t.match(await parseStore(broken(7, "AAAA="), { password: null }), { error: { line: 7 } });
  t.match(await parseStore(broken(4, "AAA"), { password: null }), {
    error: { line: 2, message: /it is empty or cut short$/ },
  });
});
