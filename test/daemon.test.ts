import "./daemon/due-heap.ts";
import "./daemon/fair-slots.ts";
import "./daemon/scheduler.ts";
import "./daemon/history.ts";
import "./daemon/exposition.ts";
import "./daemon/http-server.ts";
import "./daemon/live-feed.ts";
