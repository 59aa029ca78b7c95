import "./explain/texts.ts";
import "./explain/events.ts";
import "./explain/hostile.ts";
import "./explain/streaming.ts";
import "./explain/fuzz.ts";
import "./explain/command.ts";
import "./explain/live.ts";
