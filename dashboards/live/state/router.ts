import { computed, signal } from "@preact/signals";

/** Where in the page somebody is: what stands behind the `#` of its address. */
export interface Place {
  /** Decoded parts between slashes; empty for the map. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** Reads an address such as `#/links/pfs/bpm-east?broken`; one without a slash is a query of the map. */
export const readPlace = (hash: string): Place => {
  const text = hash.replace(/^#/u, "");
  const [before = "", after = ""] = text.startsWith("/") ? text.split(/\?(.*)/su, 2) : ["", text];
  const path = before.split("/").filter(Boolean).map(decoded);
  return { path, query: new URLSearchParams(after) };
};

/** The present place. */
export const place = signal<Place>(readPlace(location.hash));

/** The present place without its query: who goes elsewhere changes it, who filters does not. */
export const pathText = computed(() => JSON.stringify(place.value.path));

/** The address of a place within the page. */
export const hrefTo = (
  path: readonly string[],
  query: Readonly<Record<string, string | null>> = {},
): string => {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null ? [] : [value === "" ? name : `${name}=${encodeURIComponent(value)}`],
  );
  return `#/${path.map(encodeURIComponent).join("/")}${given.length > 0 ? `?${given.join("&")}` : ""}`;
};

/** Goes to a place. */
export const go = (href: string): void => {
  location.hash = href;
};

/** Changes parts of the query without a step in the browser's history; null takes a part away. */
export const changeQuery = (changes: Readonly<Record<string, string | null>>): void => {
  const { path, query } = place.value;
  const present = Object.fromEntries(query);
  const href = hrefTo(path, { ...present, ...changes });
  history.replaceState(null, "", `${location.pathname}${location.search}${href}`);
  place.value = readPlace(href);
};

addEventListener("hashchange", () => {
  place.value = readPlace(location.hash);
});
