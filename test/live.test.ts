import "./live/build.ts";
import "./live/layout.ts";
import "./live/page.ts";
import "./live/feed.ts";
import "./live/views.ts";
import "./live/changes.ts";
import "./live/access.ts";
import "./live/looks.ts";
