import type { CheckRenderer, RenderOptions } from "../report/check-renderer.ts";
import { jsonRenderer, ndjsonRenderer, textRenderer } from "../report/check-renderers.ts";
import { type CheckResult, codeOfResult } from "../report/check-result.ts";
import { type ResultCode, worse } from "../report/exit-code.ts";
import type { CheckFormat } from "./common-options.ts";
import { paintFor, write } from "./output.ts";

/** Writes results to standard output, one at a time, and remembers what they come to. */
export class ResultWriter {
  readonly #renderer: CheckRenderer;
  #code: ResultCode = 0;
  #begun = false;

  constructor(renderer: CheckRenderer) {
    this.#renderer = renderer;
  }

  /** Writes one result. */
  async add(result: CheckResult): Promise<void> {
    await this.#begin();
    this.#code = worse(this.#code, codeOfResult(result));
    await write(process.stdout, this.#renderer.result(result));
  }

  /** Writes what stands at the end; resolves to the exit code of all results. */
  async end(): Promise<ResultCode> {
    await this.#begin();
    await write(process.stdout, this.#renderer.end(this.#code));
    return this.#code;
  }

  /** Completes the document after a failure, so that what was found out can be read; nothing where nothing was. */
  async breakOff(): Promise<void> {
    if (this.#begun) await write(process.stdout, this.#renderer.end(3));
  }

  async #begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    await write(process.stdout, this.#renderer.begin());
  }
}

/** The writer of a format; `single` results are printed at length. */
export async function openResults(
  { format, at }: { readonly format: CheckFormat; readonly at?: number | undefined },
  single: boolean,
): Promise<ResultWriter> {
  const options: RenderOptions = { single, paint: paintFor(process.stdout), at: at ?? Date.now() };
  return new ResultWriter(await rendererOf(format, options));
}

async function rendererOf(format: CheckFormat, options: RenderOptions): Promise<CheckRenderer> {
  switch (format) {
    case "text":
      return textRenderer(options);
    case "json":
      return jsonRenderer();
    case "ndjson":
      return ndjsonRenderer();
    case "nagios":
      return (await import("../report/check-nagios.ts")).nagiosRenderer(options);
    case "junit":
      return (await import("../report/check-junit.ts")).junitRenderer();
    case "markdown":
      return (await import("../report/check-markdown.ts")).markdownRenderer(options);
  }
}
