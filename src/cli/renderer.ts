import type { CheckRenderer, RenderOptions } from "../report/check-renderer.ts";
import { jsonRenderer, ndjsonRenderer, textRenderer } from "../report/check-renderers.ts";
import type { CheckFormat } from "./common-options.ts";
import { paintFor } from "./output.ts";

/** The renderer of a format for standard output. */
export async function openRenderer(
  { format, at }: { readonly format: CheckFormat; readonly at?: number | undefined },
  single: boolean,
): Promise<CheckRenderer> {
  const options: RenderOptions = { single, paint: paintFor(process.stdout), at: at ?? Date.now() };
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
