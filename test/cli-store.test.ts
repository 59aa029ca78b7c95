import "./cli/store-list.ts";
import "./cli/store-commands.ts";
import "./cli/store-writing.ts";
