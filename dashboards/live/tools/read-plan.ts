/** A plan as the daemon takes it, or what is wrong with its text in a sentence. */
export type ReadPlan =
  | { readonly ok: true; readonly plan: object }
  | { readonly ok: false; readonly mistake: string };

/** Reads a plan that is written as YAML, of which JSON is a part. What it means is for the daemon to check. */
export const readPlan = async (text: string): Promise<ReadPlan> => {
  const { parse } = await import("yaml");
  try {
    const plan: unknown = parse(text, { maxAliasCount: 0 });
    if (typeof plan === "object" && plan !== null && !Array.isArray(plan))
      return { ok: true, plan };
    return { ok: false, mistake: "A plan begins with changes: and a list of them" };
  } catch (error) {
    return { ok: false, mistake: error instanceof Error ? error.message : String(error) };
  }
};
