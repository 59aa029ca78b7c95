import { hash } from "node:crypto";
import { escapeHtml } from "./escape-html.ts";
import { STYLE } from "./style.ts";

/** Forbids everything but the style sheet of this very text. */
const POLICY = `default-src 'none'; style-src 'sha256-${hash("sha256", STYLE, "base64")}'; base-uri 'none'; form-action 'none'`;

/** What a page begins with, up to its body. */
export function head(title: string): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style></head><body>\n`,
  ].join("\n");
}

/** What a page ends with. */
export const FOOT = "<footer>Written by Anchorwatch.</footer>\n</body></html>\n";
