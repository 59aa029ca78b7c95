import type { JSX } from "preact";
import { counts, heard } from "../state/estate.ts";
import { hrefTo, place } from "../state/router.ts";
import { nextTheme, theme } from "../state/theme.ts";
import { Icon } from "../ui/icon.tsx";
import { ConnectionLine } from "./connection-line.tsx";
import { isHelpOpen } from "./shortcuts.ts";
import { VIEWS } from "./views.ts";

/** Says on every view how many links are broken; the map's own heading says it larger. */
const Trouble = (): JSX.Element | null => {
  const { broken } = counts.value;
  if (heard.value === null || broken === 0) return null;
  return (
    <span class="trouble" data-verdict="broken">
      <Icon name="broken" />
      {broken}
      <span class="unseen"> broken</span>
    </span>
  );
};

/** The line on top of every view. */
export const Masthead = ({ onSkip }: { readonly onSkip: () => void }): JSX.Element => {
  const [first = ""] = place.value.path;
  return (
    <header class="masthead">
      <a
        class="skip"
        href={hrefTo(place.value.path)}
        onClick={(event) => {
          event.preventDefault();
          onSkip();
        }}
      >
        Skip to the content
      </a>
      <a class="brand" href={hrefTo([])}>
        <Icon name="anchor" />
        <span>Anchorwatch</span>
        <Trouble />
      </a>
      <nav aria-label="Views">
        <ul>
          {VIEWS.map(({ path, name }) => (
            <li key={path}>
              <a
                href={hrefTo(path === "" ? [] : [path])}
                aria-current={path === first ? "page" : undefined}
              >
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="corner">
        <ConnectionLine />
        <button
          type="button"
          class="quiet"
          title={`Colours: ${theme.value}`}
          aria-label={`Colours: ${theme.value}`}
          onClick={nextTheme}
        >
          <Icon name="theme" />
        </button>
        <button
          type="button"
          class="quiet for-keyboard"
          title="Keyboard shortcuts"
          aria-label="Keyboard shortcuts"
          onClick={() => {
            isHelpOpen.value = true;
          }}
        >
          <Icon name="help" />
        </button>
      </div>
    </header>
  );
};
