/** Why net/url and crypto/x509 do not take a text for a URI; null when they do. Source: net/url.Parse of Go 1.19. */
export function goUriComplaint(text: string): string | null {
  const [beforeFragment = "", ...fragments] = text.split("#");
  const problem = parseProblem(beforeFragment);
  if (problem !== null)
    return `x509: cannot parse URI ${quote(text)}: parse ${quote(beforeFragment)}: ${problem}`;
  const fragmentProblem = escapeProblem(fragments.join("#"), "other");
  if (fragmentProblem !== null)
    return `x509: cannot parse URI ${quote(text)}: parse ${quote(text)}: ${fragmentProblem}`;
  const host = hostOf(beforeFragment);
  return host !== "" && !isGoDomain(host)
    ? `x509: cannot parse URI ${quote(text)}: invalid domain`
    : null;
}

/** domainToReverseLabels: labels of printable ASCII, none empty; the empty domain is one too. */
export function isGoDomain(domain: string): boolean {
  return domain === "" || domain.split(".").every((label) => /^[!-~]+$/.test(label));
}

/** strconv.Quote of an ASCII text. */
export function quote(text: string): string {
  const escaped = text.replaceAll(/[\u0000-\u001f"\\\u007f]/g, (character) => {
    const named: Readonly<Record<string, string>> = {
      "\u0007": "\\a",
      "\b": "\\b",
      "\f": "\\f",
      "\n": "\\n",
      "\r": "\\r",
      "\t": "\\t",
      "\v": "\\v",
      '"': '\\"',
      "\\": "\\\\",
    };
    return named[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `"${escaped}"`;
}

interface Parts {
  readonly scheme: string;
  /** Null without `//`. */
  readonly authority: string | null;
  readonly path: string;
}

function parseProblem(url: string): string | null {
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(url)) return "net/url: invalid control character in URL";
  if (url === "*") return null;
  if (url.startsWith(":")) return "missing protocol scheme";
  const { scheme, authority, path } = split(url);
  if (!path.startsWith("/") && authority === null) {
    if (scheme !== "") return null;
    if ((path.split("/")[0] ?? "").includes(":"))
      return "first path segment in URL cannot contain colon";
  }
  return (authority === null ? null : authorityProblem(authority)) ?? escapeProblem(path, "other");
}

function split(url: string): Parts {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url)?.[1] ?? "";
  const rest = (scheme === "" ? url : url.slice(scheme.length + 1)).replace(/\?.*$/s, "");
  const hasAuthority = rest.startsWith("//") && (scheme !== "" || !rest.startsWith("///"));
  if (!hasAuthority) return { scheme, authority: null, path: rest };
  const slash = rest.indexOf("/", 2);
  return {
    scheme,
    authority: slash < 0 ? rest.slice(2) : rest.slice(2, slash),
    path: slash < 0 ? "" : rest.slice(slash),
  };
}

function hostOf(url: string): string {
  const { authority } = split(url);
  if (url === "*" || authority === null) return "";
  return authority
    .slice(authority.lastIndexOf("@") + 1)
    .replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
}

function authorityProblem(authority: string): string | null {
  const at = authority.lastIndexOf("@");
  const problem = hostProblem(authority.slice(at + 1));
  if (problem !== null || at < 0) return problem;
  const user = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) return "net/url: invalid userinfo";
  return escapeProblem(user, "other");
}

function hostProblem(host: string): string | null {
  if (host.startsWith("[")) {
    const end = host.lastIndexOf("]");
    if (end < 0) return "missing ']' in host";
    const port = host.slice(end + 1);
    if (!/^(:\d*)?$/.test(port)) return `invalid port ${quote(port)} after host`;
  } else {
    const colon = host.lastIndexOf(":");
    const port = colon < 0 ? "" : host.slice(colon);
    if (!/^(:\d*)?$/.test(port)) return `invalid port ${quote(port)} after host`;
  }
  return escapeProblem(host, "host");
}

const HOST_CHARACTER = /[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"\u0080-\u00ff]/;

function escapeProblem(text: string, mode: "host" | "other"): string | null {
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "%") {
      const escape = text.slice(at, at + 3);
      if (!/^%[0-9A-Fa-f]{2}$/.test(escape)) return `invalid URL escape ${quote(escape)}`;
      if (mode === "host" && Number.parseInt(escape.charAt(1), 16) < 8 && escape !== "%25")
        return `invalid URL escape ${quote(escape)}`;
      at += 2;
    } else if (mode === "host" && !HOST_CHARACTER.test(character))
      return `invalid character ${quote(character)} in host name`;
  }
  return null;
}
