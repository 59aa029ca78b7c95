import { element, icon } from "./dom.js";
import { calendarTime, isCommand, relativeTime } from "./words.js";

/** @import { Address, ChainCertificate, Finding, Link } from "./model.js" */

const SEVERITIES = /** @type {const} */ ({
  critical: ["broken", "Critical"],
  warning: ["warning", "Warning"],
  info: ["pending", "Note"],
});

/**
 * A moment that keeps telling its distance: `data-relative` marks it for the page's clock.
 *
 * @param {string} time - RFC 3339.
 */
export const moment = (time) => {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return element("span", {}, time);
  const words = relativeTime(at, Date.now());
  return element("time", { datetime: time, title: calendarTime(at), "data-relative": "" }, words);
};

/** @param {HTMLElement} source */
const copyText = async (source) => {
  const text = source.textContent ?? "";
  // Browsers offer the clipboard to pages over HTTPS and on the same machine only.
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  getSelection()?.selectAllChildren(source);
  if (!document.execCommand("copy")) throw new Error("The browser did not copy");
};

/** @param {HTMLElement} source */
const copyButton = (source) => {
  const button = element("button", { type: "button", class: "copy" }, "Copy");
  const say = (/** @type {string} */ word) => {
    button.textContent = word;
    setTimeout(() => {
      button.textContent = "Copy";
    }, 2_000);
  };
  button.addEventListener("click", () => {
    copyText(source).then(
      () => say("Copied"),
      () => say("Select and copy"),
    );
  });
  return button;
};

/** @param {string} step */
const remedyStep = (step) => {
  if (!isCommand(step)) return element("li", {}, element("bdi", {}, step));
  const code = element("code", {}, step);
  return element("li", { class: "command" }, code, copyButton(code));
};

/** @param {Finding} finding */
const findingItem = ({ code, severity, summary, remedy }) => {
  const [symbol, word] = SEVERITIES[severity] ?? SEVERITIES.info;
  return element(
    "li",
    { class: "finding", "data-severity": severity, "data-code": code },
    element("p", { class: "severity" }, icon(symbol), word),
    element(
      "p",
      { class: "summary" },
      element("bdi", {}, summary),
      " ",
      element("code", { class: "code" }, code),
    ),
    remedy.length === 0 ? null : element("ol", { class: "remedy" }, ...remedy.map(remedyStep)),
  );
};

/**
 * @param {string} title
 * @param {...(Node | null)} content
 */
const part = (title, ...content) =>
  element("section", { class: "part" }, element("h4", {}, title), ...content);

/** @param {Address} address */
const addressRow = ({ address, outcome, version, cipherSuite, group, failure }) =>
  element(
    "tr",
    {},
    element("th", { scope: "row" }, element("bdi", {}, address ?? "none")),
    element("td", {}, outcome),
    element(
      "td",
      {},
      element("bdi", {}, failure ?? [version, cipherSuite, group].filter(Boolean).join(" · ")),
    ),
  );

/** @param {Address[]} addresses */
const addressTable = (addresses) =>
  element(
    "table",
    {},
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        ...["Address", "Outcome", "What was agreed or failed"].map((title) =>
          element("th", { scope: "col" }, title),
        ),
      ),
    ),
    element("tbody", {}, ...addresses.map(addressRow)),
  );

/** @param {ChainCertificate} certificate */
const validity = ({ notBefore, notAfter }) => {
  if (notBefore === null || notAfter === null) return { kind: "unknown", words: [] };
  const now = Date.now();
  if (Date.parse(notAfter) < now) return { kind: "expired", words: ["Expired ", moment(notAfter)] };
  if (Date.parse(notBefore) > now)
    return { kind: "future", words: ["Becomes valid ", moment(notBefore)] };
  return { kind: "valid", words: ["Expires ", moment(notAfter)] };
};

/** @param {ChainCertificate} certificate */
const certificateItem = (certificate) => {
  const { sha256, subject, issuer } = certificate;
  const { kind, words } = validity(certificate);
  return element(
    "li",
    { class: "certificate", "data-validity": kind },
    element(
      "p",
      { class: "subject" },
      subject === null ? "Not readable as a certificate" : element("bdi", {}, subject),
    ),
    issuer === null ? null : element("p", {}, "Issued by ", element("bdi", {}, issuer)),
    element("p", { class: "validity" }, ...words),
    element(
      "p",
      { class: "fingerprint" },
      element("span", {}, "SHA-256 "),
      element("code", {}, sha256),
    ),
  );
};

/** @param {Link} link */
const facts = (link) => {
  /** @param {boolean | null} value @param {string} yes @param {string} no */
  const answer = (value, yes, no) =>
    value === null || value === undefined ? "Not known" : value ? yes : no;
  /** @type {[string, Node | string | null][]} */
  const rows = [
    ["URL", element("bdi", {}, link.url)],
    ["Judged as", element("bdi", {}, link.profile)],
    ["Chain", answer(link.trusted, "Trusted", "Not trusted")],
    ["Name", answer(link.nameMatch, "Matches", "Does not match")],
    [
      "Checked",
      element("span", { "data-checked": "" }, link.checkedAt ? moment(link.checkedAt) : "Not yet"),
    ],
    ["In this state since", link.since ? moment(link.since) : null],
    ...Object.entries(link.labels).map(
      ([name, value]) => /** @type {[string, Node]} */ ([name, element("bdi", {}, value)]),
    ),
  ];
  return element(
    "dl",
    { class: "facts" },
    ...rows.flatMap(([name, value]) =>
      value === null ? [] : [element("div", {}, element("dt", {}, name), element("dd", {}, value))],
    ),
  );
};

/**
 * Everything about a link that its row has no room for.
 *
 * @param {Link} link
 * @returns {Node[]}
 */
export const linkDetails = (link) => {
  const messages = [link.clientMessage, ...link.findings.map(({ clientMessage }) => clientMessage)];
  const message = messages.find((text) => typeof text === "string" && text !== "");
  return [
    link.findings.length === 0
      ? null
      : part(
          "Findings and what to do",
          element("ol", { class: "findings" }, ...link.findings.map(findingItem)),
        ),
    message ? part("What the client prints", element("pre", { tabindex: "0" }, message)) : null,
    link.chain.length === 0
      ? null
      : part(
          "Chain as sent",
          element("ol", { class: "chain" }, ...link.chain.map(certificateItem)),
        ),
    link.addresses.length === 0 ? null : part("Addresses", addressTable(link.addresses)),
    part("Facts", facts(link)),
  ].filter((node) => node !== null);
};
