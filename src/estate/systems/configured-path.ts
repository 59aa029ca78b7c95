import { fileURLToPath } from "node:url";
import { isAbsolute, resolve } from "node:path";

/** Whether a path is absolute on Windows: with a drive, or a share. */
const WINDOWS = /^(?:[A-Za-z]:[\\/]|\\\\)/u;

/**
 * A path of a configuration as an absolute one: relative ones are taken from `base`, `file:` URLs are understood. A path
 * of Windows is read as it is written there, and stays so elsewhere: it leads to nothing on this machine.
 */
export function configuredPath(text: string, base: string): string {
  const trimmed = text.trim();
  const path = trimmed.startsWith("file:") ? fromUrl(trimmed) : trimmed;
  if (isAbsolute(path) || WINDOWS.test(path)) return path;
  // what is relative uses the separators of the system that it was written for
  return resolve(base, path.includes("/") ? path : path.replaceAll("\\", "/"));
}

function fromUrl(text: string): string {
  try {
    return fileURLToPath(text.replace(/^file:(?!\/\/)/u, "file://"));
  } catch {
    return text.slice("file:".length);
  }
}
