/** A node or edge by what a layout needs to know of it. */
export interface Graph {
  readonly nodes: readonly {
    readonly id: string;
    readonly role: "client" | "gateway" | "endpoint";
  }[];
  readonly edges: readonly { readonly id: string; readonly from: string; readonly to: string }[];
}

/** Where everything of a graph is drawn, in pixels. */
export interface Places {
  readonly height: number;
  /** Width of every node. */
  readonly nodeWidth: number;
  /** Top left corner of each node. */
  readonly nodes: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  /** Points that each edge passes, the first at the right of its client, the last at the left of its endpoint. */
  readonly edges: ReadonlyMap<string, readonly (readonly [x: number, y: number])[]>;
}

/** Height of a node and of a row, in pixels. */
export const NODE_HEIGHT = 30;
export const ROW_HEIGHT = 38;

/** Width of a node where there are so many columns in so much width. */
export const nodeWidthOf = (width: number, columns: number): number =>
  Math.min(260, Math.floor((width * (columns > 2 ? 0.62 : 0.68)) / columns));
