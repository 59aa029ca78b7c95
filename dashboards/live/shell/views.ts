/** One entry of the navigation. */
export interface View {
  /** First part of the path; empty for the map. */
  readonly path: string;
  readonly name: string;
  /** The key that follows `g`. */
  readonly key: string;
}

/** Everything that the navigation leads to. */
export const VIEWS: readonly View[] = [
  { path: "", name: "Map", key: "m" },
  { path: "links", name: "Links", key: "l" },
  { path: "findings", name: "Findings", key: "f" },
  { path: "certificates", name: "Certificates", key: "c" },
  { path: "truststores", name: "Truststores", key: "s" },
  { path: "alerts", name: "Alerts", key: "a" },
  { path: "forecast", name: "Forecast", key: "o" },
  { path: "tools", name: "Tools", key: "t" },
];
