import "./live/page.ts";
import "./live/feed.ts";
import "./live/looks.ts";
