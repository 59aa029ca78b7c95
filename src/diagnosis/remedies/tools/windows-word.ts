/** An argument as the command prompt of Windows wants it; what cannot be quoted there is replaced. */
export function windowsWord(text: string): string {
  const safe = text.replaceAll(/["%!^\r\n]/g, "_");
  return /^[A-Za-z0-9_.:\\/-]+$/.test(safe) ? safe : `"${safe}"`;
}
