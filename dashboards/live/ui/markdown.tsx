import type { JSX } from "preact";

/** Text with `code`, **weight** and links to pages beside it, whose words alone are kept. */
const Inline = ({ text }: { readonly text: string }): JSX.Element => (
  <>
    {text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]*\))/u).map((part, index) => {
      if (part.startsWith("`")) return <code key={index}>{part.slice(1, -1)}</code>;
      if (part.startsWith("**")) return <strong key={index}>{part.slice(2, -2)}</strong>;
      const [, words] = /^\[([^\]]+)\]\(/u.exec(part) ?? [];
      return words === undefined ? part : <span key={index}>{words.replaceAll("`", "")}</span>;
    })}
  </>
);

type Block =
  | { readonly kind: "heading" | "paragraph" | "code"; readonly text: string }
  | { readonly kind: "list" | "steps" | "table"; readonly items: readonly string[] };

const ITEM = /^(?:-|\d+\.)\s+/u;

const blockOf = (lines: readonly string[]): Block => {
  const [first = ""] = lines;
  if (first.startsWith("```")) return { kind: "code", text: lines.slice(1, -1).join("\n") };
  if (first.startsWith("#")) return { kind: "heading", text: first.replace(/^#+\s*/u, "") };
  if (first.startsWith("|")) return { kind: "table", items: lines };
  if (!ITEM.test(first)) return { kind: "paragraph", text: lines.join(" ") };
  const items: string[] = [];
  for (const line of lines)
    if (ITEM.test(line)) items.push(line.replace(ITEM, ""));
    else items.push(`${items.pop() ?? ""} ${line.trim()}`);
  return { kind: first.startsWith("-") ? "list" : "steps", items };
};

/** The blocks of a page, which are parted by empty lines; code keeps its own. */
const blocksOf = (text: string): readonly Block[] => {
  const blocks: Block[] = [];
  let lines: string[] = [];
  const end = (): void => {
    if (lines.length > 0) blocks.push(blockOf(lines));
    lines = [];
  };
  for (const line of text.split("\n")) {
    const inCode = lines[0]?.startsWith("```") === true;
    if (inCode) {
      lines.push(line);
      if (line.startsWith("```")) end();
    } else if (line.trim() === "") end();
    else {
      if (line.startsWith("#") || line.startsWith("```")) end();
      lines.push(line);
      if (line.startsWith("#")) end();
    }
  }
  end();
  return blocks;
};

const cells = (line: string): readonly string[] =>
  line
    .replaceAll(/^\||\|$/gu, "")
    .split(/(?<!\\)\|/u)
    .map((cell) => cell.trim().replaceAll(String.raw`\|`, "|"));

const Table = ({
  lines: [head = "", , ...rows],
}: {
  readonly lines: readonly string[];
}): JSX.Element => (
  <div class="scroll">
    <table>
      <thead>
        <tr>
          {cells(head).map((cell, index) => (
            <th key={index} scope="col">
              <Inline text={cell} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {cells(row).map((cell, column) => (
              <td key={column}>
                <Inline text={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** A page of the documentation, as far as its pages use Markdown. Nothing of it becomes markup of its own. */
export const Markdown = ({ text }: { readonly text: string }): JSX.Element => (
  <div class="prose">
    {blocksOf(text.replaceAll(/<!--[^]*?-->/gu, "")).map((block, index) => {
      switch (block.kind) {
        case "heading":
          return <h2 key={index}>{block.text}</h2>;
        case "code":
          return (
            <pre key={index} tabIndex={0}>
              {block.text}
            </pre>
          );
        case "paragraph":
          return (
            <p key={index}>
              <Inline text={block.text} />
            </p>
          );
        case "table":
          return <Table key={index} lines={block.items} />;
        case "list":
        case "steps": {
          const items = block.items.map((item, place) => (
            <li key={place}>
              <Inline text={item} />
            </li>
          ));
          return block.kind === "list" ? (
            <ul key={index}>{items}</ul>
          ) : (
            <ol key={index}>{items}</ol>
          );
        }
      }
    })}
  </div>
);
