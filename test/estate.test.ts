import "./estate/duration.ts";
import "./estate/host-port.ts";
import "./estate/suggest.ts";
import "./estate/valid-estate.ts";
import "./estate/malformed-estates.ts";
import "./estate/malformed-routes.ts";
import "./estate/hostile-estates.ts";
import "./estate/json-schema.ts";
