import "./explain/texts.ts";
import "./explain/events.ts";
import "./explain/hostile.ts";
import "./explain/streaming.ts";
