import "./docs/findings.ts";
import "./docs/links.ts";
import "./docs/command-lines.ts";
import "./docs/commands.ts";
import "./docs/estate.ts";
import "./docs/metrics.ts";
import "./docs/profiles.ts";
import "./docs/examples.ts";
