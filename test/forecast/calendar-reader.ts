/** A property of a calendar: its value as it stands, without the folds. */
export interface CalendarProperty {
  readonly name: string;
  readonly parameters: string;
  readonly value: string;
}

/** A component of a calendar with what it holds. */
export interface CalendarComponent {
  readonly name: string;
  readonly properties: readonly CalendarProperty[];
  readonly components: readonly CalendarComponent[];
}

/** Reads iCalendar by the grammar of RFC 5545 section 3.1. @throws {Error} that names the first mistake */
export function readCalendar(text: string): CalendarComponent {
  if (!text.endsWith("\r\n")) throw new Error("The last line has no break");
  const physical = text.slice(0, -2).split("\r\n");
  for (const [index, line] of physical.entries()) {
    if (/[\r\n]/.test(line)) throw new Error(`Line ${index + 1} has a lone CR or LF`);
    if (Buffer.byteLength(line) > 75) throw new Error(`Line ${index + 1} has more than 75 octets`);
    if (!line.isWellFormed() || line.includes("\ufffd"))
      throw new Error(`Line ${index + 1} is cut within a character`);
  }
  const lines = physical.join("\r\n").replaceAll("\r\n ", "").split("\r\n");
  const stack: { name: string; properties: CalendarProperty[]; components: CalendarComponent[] }[] =
    [{ name: "", properties: [], components: [] }];
  for (const line of lines) {
    const read = /^(?<name>[A-Z0-9-]+)(?<parameters>(?:;[A-Z0-9-]+=[^":;,]+)*):(?<value>.*)$/u.exec(
      line,
    );
    const { name = "", parameters = "", value = "" } = read?.groups ?? {};
    if (read === null) throw new Error(`Not a content line: ${line}`);
    // oxlint-disable-next-line no-control-regex -- the grammar forbids them
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) throw new Error(`Control in ${name}`);
    const top = stack.at(-1);
    if (name === "BEGIN") stack.push({ name: value, properties: [], components: [] });
    else if (name === "END") {
      if (top?.name !== value) throw new Error(`END:${value} closes ${top?.name}`);
      stack.pop();
      stack.at(-1)?.components.push(top);
    } else top?.properties.push({ name, parameters, value });
  }
  const [root] = stack;
  const [calendar, ...others] = root?.components ?? [];
  if (calendar === undefined || others.length > 0 || stack.length > 1)
    throw new Error("Not one calendar");
  return calendar;
}

/** The value of a property that has to be there once. @throws {Error} */
export function valueOf({ name: component, properties }: CalendarComponent, name: string): string {
  const found = properties.filter((each) => each.name === name);
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(`${component} has ${name} ${found.length} times`);
  return found[0].value;
}

/** A value of the type TEXT (RFC 5545 section 3.3.11). @throws {Error} for what has to be escaped */
export function textOf(value: string): string {
  if (/(?<!\\)(?:\\\\)*[;,]/.test(value)) throw new Error(`Not escaped: ${value}`);
  return value.replaceAll(/\\([\\;,nN])|\\(.?)/g, (_found, known?: string, wrong?: string) => {
    if (known === undefined) throw new Error(`Unknown escape \\${wrong}`);
    return known.toLowerCase() === "n" ? "\n" : known;
  });
}
