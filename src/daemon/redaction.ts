/** What stands where a secret would. */
export const REDACTED = "[redacted]";

/** Shorter secrets would make holes in every other word. */
const LEAST = 6;

/** Secrets that are remembered; an estate that has more than this changes them again and again. */
const MOST = 10_000;

/** Fields of log lines that never show their value, whatever it is. */
export const SECRET_FIELDS: readonly string[] = [
  "password",
  "passphrase",
  "secret",
  "token",
  "authorization",
  "cookie",
  "key",
  "privateKey",
  "routingKey",
  "credentials",
].flatMap((name) => [name, `*.${name}`]);

const known = new Set<string>();

/** Remembers a secret that was read: from now on no line shows it, whoever puts it there. */
export function noteSecret(secret: string): void {
  if (secret.length < LEAST || known.size >= MOST) return;
  known.add(secret);
  // as it stands inside of JSON
  known.add(JSON.stringify(secret).slice(1, -1));
}

/** A line without the secrets that are known. */
export function redacted(line: string): string {
  let text = line;
  for (const secret of known) if (text.includes(secret)) text = text.replaceAll(secret, REDACTED);
  return text;
}
