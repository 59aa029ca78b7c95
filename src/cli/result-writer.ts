import type { CheckRenderer, RenderOptions } from "../report/check-renderer.ts";
import { jsonRenderer, ndjsonRenderer, textRenderer } from "../report/check-renderers.ts";
import { codeOfTarget, type TargetResult } from "../report/check-result.ts";
import { type ResultCode, worse } from "../report/exit-code.ts";
import type { CheckFormat } from "./common-options.ts";
import { columnsOf, paintFor, write } from "./output.ts";

/** Writes results to standard output, target by target, and remembers what they come to. */
export class ResultWriter {
  readonly #renderer: CheckRenderer;
  #code: ResultCode = 0;
  #begun = false;

  constructor(renderer: CheckRenderer) {
    this.#renderer = renderer;
  }

  /** Writes what is to be said about one target. */
  async add(result: TargetResult): Promise<void> {
    await this.#begin();
    this.#code = worse(this.#code, codeOfTarget(result));
    await write(process.stdout, this.#renderer.target(result));
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

/** What the writer of results needs to know. */
export interface ResultOptions {
  readonly format: CheckFormat;
  /** Milliseconds since 1970; without it, now. */
  readonly at?: number | undefined;
  /** Whether there is one target, which is answered at length. */
  readonly single: boolean;
  /** From when before a break it is reported, ms. */
  readonly warning: number;
}

/** The writer of a format. */
export async function openResults({
  format,
  at,
  single,
  warning,
}: ResultOptions): Promise<ResultWriter> {
  const options: RenderOptions = {
    single,
    paint: paintFor(process.stdout),
    columns: columnsOf(process.stdout),
    at: at ?? Date.now(),
    warning,
  };
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
    case "html":
      return (await import("../report/check-html.ts")).htmlRenderer(options);
    case "prometheus":
      return (await import("./check-metrics.ts")).prometheusRenderer();
  }
}
