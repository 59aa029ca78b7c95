import { SaxesParser } from "saxes";
import fc from "fast-check";
import t from "tap";
import { type IssuedCertificate, issueCertificate } from "../../src/cli/demo/certificate.ts";
import { HOST, NOW } from "../diagnosis/pki.ts";
import { assessed, finding, pki, report } from "./fixture.ts";

const DAY = 86_400_000;

/** Pieces that mean something to somebody: browsers, Markdown, XML, shells, Nagios, Prometheus, terminals. */
const PIECES = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  "</title></svg></style>",
  "]]>",
  "<!--",
  "&lt;&amp;&#60;",
  "](javascript:alert(1))",
  "[click](http://evil.example)",
  "![x](http://evil.example/x.png)",
  "`",
  "```",
  "~~~",
  "|",
  "# x",
  "- x",
  "1. x",
  "\n",
  "\r\n\r\n",
  "\n# EOF\nevil_metric 1\n",
  '"} 1\n',
  "\\",
  "\t",
  "\u0000",
  "\u001b[31m",
  "\u202eevil",
  "\u2028",
  "\ud800",
  "\uffff",
  "𝕏",
  "漢字",
  "x".repeat(120),
];

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 8 })), {
    maxLength: 5,
  })
  .map((pieces) => pieces.join(""));

/** A certificate with this name, signed by the CA of the tests. */
const named = (name: string): IssuedCertificate =>
  issueCertificate({
    subject: [
      ["O", name.toWellFormed().slice(0, 100)],
      ["CN", name.toWellFormed()],
    ],
    key: pki.leaf.key,
    issuer: pki.intA,
    san: [HOST],
    notBefore: NOW - DAY,
    notAfter: NOW + 20 * DAY,
  });

const reports = (format: Parameters<typeof report>[0], text: string): readonly string[] => {
  const leaf = named(text);
  const given = {
    sent: [leaf, "intA", leaf, "intB"],
    held: ["rootB", leaf],
    store: text,
    clients: [
      {
        profile: "openssl-3",
        name: text,
        findings: [
          finding({
            summary: text,
            remedy: [text, `Compare: ${text}`, `openssl x509 -in ${text}`],
            clientMessage: text,
          }),
          finding({ code: "chain.superfluous", severity: "info", summary: text }),
        ],
      },
      { profile: "go", findings: [finding({ severity: "warning", summary: text })] },
    ],
    changes: { alpn: text, serverName: text },
  } as const;
  const target = assessed(text, given);
  return [
    report(format, [target]),
    report(format, [target, { kind: "invalid", target: text, message: text }, target]),
  ];
};

/** Checks a property of a format's reports with hostile texts in every place. */
const holds = (
  format: Parameters<typeof report>[0],
  mistake: (output: string) => string | null,
): string | null => {
  let found: string | null = null;
  fc.check(
    fc.property(hostile, (text) => {
      for (const output of reports(format, text)) found ??= mistake(output);
      return found === null;
    }),
    { numRuns: 40 },
  );
  return found;
};

const CONTROLS =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Cs}/u;

const controls = (output: string): string | null => CONTROLS.exec(output)?.[0] ?? null;

t.test("check in text shows hostile texts without effect", async (t) => {
  t.equal(holds("text", controls), null);
});

t.test("check --format nagios keeps to one line with one bar, whatever it is about", async (t) => {
  const mistake = (output: string): string | null => {
    const [status = "", ...rest] = output.split("\n");
    if (status.split(" | ").length !== 2) return status;
    if (rest.join("").includes("|")) return rest.join("\n");
    return controls(output);
  };
  t.equal(holds("nagios", mistake), null);
});

/** The error that an XML parser finds. */
const malformed = (xml: string): string | null => {
  const parser = new SaxesParser();
  let error: string | null = null;
  parser.on("error", ({ message }) => (error ??= `${message}: ${xml.slice(0, 500)}`));
  parser.write(xml).close();
  return error;
};

t.test("check --format junit is well-formed with its cases, whatever it is about", async (t) => {
  const mistake = (output: string): string | null => {
    const cases = output.match(/<testcase /g)?.length ?? 0;
    const counted = /<testsuites tests="(\d+)"/.exec(output)?.[1];
    return malformed(output) ?? (String(cases) === counted ? controls(output) : "count of cases");
  };
  t.equal(holds("junit", mistake), null);
});

const TAGS = new Set(
  (
    "html head meta title style body section h1 h2 h3 h4 p span table thead tbody tr th td div article code pre ol ul " +
    "li dl dt dd details summary footer svg g rect path line text"
  ).split(" "),
);

t.test("check --format html has no element, attribute or address of a peer", async (t) => {
  const mistake = (output: string): string | null => {
    const body = output.replace(/<style>[^]*?<\/style>/, "");
    for (const [tag, name = ""] of body.matchAll(/<\/?([^\s>/]*)[^>]*>?/g)) {
      if (tag === "<!doctype html>") continue;
      if (!TAGS.has(name)) return tag;
      const attributes = tag.replaceAll(/"[^"]*"/g, '""');
      if (/ (?:on\w+|href|src|style|action)=/.test(attributes)) return tag;
    }
    for (const [svg] of body.matchAll(/<svg[^]*?<\/svg>/g)) {
      const wrong = malformed(svg);
      if (wrong !== null) return wrong;
    }
    return controls(output);
  };
  t.equal(holds("html", mistake), null);
});

/** A line of Markdown without escaped characters and code spans (CommonMark 2.4 and 6.1). */
function withoutSpans(line: string): string {
  let text = "";
  for (let at = 0; at < line.length; at++) {
    const [run = ""] = /^`+/.exec(line.slice(at)) ?? [];
    if (line[at] === "\\") at++;
    else if (run === "") text += line[at];
    else {
      const end = new RegExp(`(?<!\`)${run}(?!\`)`).exec(line.slice(at + run.length));
      if (end === null) text += run;
      at += run.length - 1 + (end === null ? 0 : end.index + run.length);
    }
  }
  return text;
}

t.test("check --format markdown has no markup of a peer", async (t) => {
  const mistake = (output: string): string | null => {
    const prose: string[] = [];
    let fence: string | null = null;
    for (const line of output.split("\n")) {
      const [, ticks = null] = /^ *(`{3,})(?:sh|text)?$/.exec(line) ?? [];
      if (fence === null && ticks !== null) fence = ticks;
      else if (fence !== null) {
        if (ticks === fence) fence = null;
      } else prose.push(line);
    }
    if (fence !== null) return "a block is not closed";
    const cells = prose.filter((line) => line.startsWith("|"));
    for (const [index, row] of cells.entries()) {
      const above = cells[index - 1];
      const width = (text: string): number => text.replaceAll(/\\./g, "").split("|").length;
      if (above !== undefined && /^[|-]+$/.test(row) && width(row) !== width(above)) return row;
      if (above !== undefined && /^[|-]+$/.test(above) && width(row) !== width(above)) return row;
    }
    for (const line of prose) {
      const text = withoutSpans(line).replace(
        /^\*\*(?:critical|warning|info|Not the problem)\*\*/,
        "",
      );
      if (/[<[*`]|&(?!amp;)|:\/\//.test(text)) return line;
    }
    return controls(output);
  };
  t.equal(holds("markdown", mistake), null);
});

t.test("check --format prometheus writes samples and nothing else", async (t) => {
  const line =
    /^(?:# (?:HELP|TYPE) anchorwatch_\w+ .*|anchorwatch_\w+\{(?:\w+="(?:[^"\\\n]|\\["\\n])*",?)+\} -?[\d.e+]+)$/;
  const mistake = (output: string): string | null =>
    output.split("\n").find((each) => each !== "" && !line.test(each)) ?? null;
  t.equal(holds("prometheus", mistake), null);
});
