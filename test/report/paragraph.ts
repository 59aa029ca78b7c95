import fc from "fast-check";
import t from "tap";
import { paragraph } from "../../src/report/check/paragraph.ts";
import { columnsOf } from "../../src/report/columns.ts";

t.test("paragraph() breaks at spaces and indents like its lead", async (t) => {
  t.same(paragraph("one two three", "  1. ", 17), ["  1. one two", "     three"]);
  t.same(paragraph("", "  ", 20), ["  "]);
});

t.test("paragraph() keeps fingerprints whole and on a line of their own", async (t) => {
  const fingerprint = Array.from({ length: 32 }, () => "AB").join(":");
  t.same(paragraph(`is ${fingerprint}, or not`, "", 40), ["is", `${fingerprint},`, "or not"]);
  t.same(paragraph(`(is ${fingerprint}), or not`, "", 40), ["(is", `${fingerprint}),`, "or not"]);
  const option = "-Djavax.net.ssl.trustStore=/opt/identity-manager/connector-xpress/conf/trust.p12";
  t.same(paragraph(`with ${option}, or`, "", 40), ["with", `${option},`, "or"]);
});

t.test("paragraph() loses nothing and keeps to its width, whatever the text", async () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 300 }),
      fc.integer({ min: 30, max: 100 }),
      (text, columns) => {
        const lines = paragraph(text, "   ", columns);
        return (
          lines.every((line) => columnsOf(line) <= columns) &&
          lines
            .map((line) => line.slice(3))
            .join("")
            .replaceAll(" ", "") === text.replaceAll(" ", "")
        );
      },
    ),
    { numRuns: 200 },
  );
});
