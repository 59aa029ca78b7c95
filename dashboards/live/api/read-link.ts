import type { Link } from "./types.ts";

const STRINGS = ["client", "endpoint", "state"];

const isLink = (value: unknown): value is Link =>
  typeof value === "object" &&
  value !== null &&
  STRINGS.every((field) => typeof Reflect.get(value, field) === "string");

const EMPTY = {
  profile: "",
  url: "",
  ok: null,
  trusted: null,
  nameMatch: null,
  headline: null,
  findings: [],
  breaksAt: null,
  checkedAt: null,
  since: null,
  clientMessage: null,
  addresses: [],
  labels: {},
  chain: [],
};

/** A link with every field there, so that a daemon of another version cannot break the page; none where it is no link. */
export const readLink = (value: unknown): readonly Link[] =>
  isLink(value) ? [{ ...EMPTY, ...value }] : [];

/** The links of a list; what is none is left out. */
export const readLinks = (value: unknown): readonly Link[] =>
  Array.isArray(value) ? value.flatMap(readLink) : [];
