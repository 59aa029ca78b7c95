/** One choice of a header such as Accept, with its weight. */
interface Choice {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** 0 to 1. */
  readonly weight: number;
}

/** Longest header that is read; the rest is passed over. */
const MAX_HEADER = 1000;

/** Reads the choices of Accept or Accept-Encoding (RFC 9110 section 12.4.2); what cannot be read has no weight. */
function choicesOf(header: string): readonly Choice[] {
  return header
    .slice(0, MAX_HEADER)
    .split(",")
    .map((text) => {
      const [name = "", ...rest] = text.split(";").map((part) => part.trim().toLowerCase());
      const pairs = rest.map((pair): readonly [string, string] => {
        const [key = "", value = ""] = pair.split("=", 2);
        return [key.trim(), value.trim().replaceAll('"', "")];
      });
      const parameters = new Map(pairs);
      const quality = parameters.get("q") ?? "1";
      return { name, parameters, weight: /^[01](\.\d{0,3})?$/.test(quality) ? Number(quality) : 0 };
    });
}

const heaviest = (choices: readonly Choice[], fits: (choice: Choice) => boolean): number =>
  choices.reduce((most, choice) => (fits(choice) ? Math.max(most, choice.weight) : most), 0);

/** Whether an Accept header prefers OpenMetrics 1.0 to the text format, as Prometheus' own does. */
export function prefersOpenMetrics(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const choices = choicesOf(accept);
  const open = heaviest(choices, ({ name, parameters }) => {
    const version = parameters.get("version");
    return (
      name === "application/openmetrics-text" && (version === undefined || version === "1.0.0")
    );
  });
  return open > 0 && open >= heaviest(choices, ({ name }) => name === "text/plain");
}

/** Whether an Accept-Encoding header takes gzip. */
export function takesGzip(encodings: string | undefined): boolean {
  if (encodings === undefined) return false;
  const choices = choicesOf(encodings);
  const chosen =
    choices.find(({ name }) => name === "gzip" || name === "x-gzip") ??
    choices.find(({ name }) => name === "*");
  return chosen !== undefined && chosen.weight > 0;
}
