import type { WhatIf } from "../../links/changes/what-if.ts";
import type { ResultCode } from "../exit-code.ts";

/** A judged plan, ready to be reported. */
export interface WhatIfReport {
  readonly result: WhatIf;
  /** The plan as it was given. */
  readonly file: string;
  /** Where what endpoints answer was taken from. */
  readonly source: "live" | "history" | "handshakes";
  readonly code: ResultCode;
  /** Whether links are listed, too, that nothing happens to. */
  readonly all: boolean;
}
