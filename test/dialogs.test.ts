import "./dialogs/scripted.ts";
import "./dialogs/hostile.ts";
import "./dialogs/tds.ts";
import "./dialogs/check.ts";
import "./dialogs/real-servers.ts";
import "./dialogs/fuzz.ts";
