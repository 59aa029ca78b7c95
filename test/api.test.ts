import "./api/routes.ts";
import "./api/access.ts";
import "./api/ssrf.ts";
import "./api/slow-clients.ts";
import "./api/hostile-names.ts";
import "./api/prometheus.ts";
import "./api/guide.ts";
import "./api/token.ts";
