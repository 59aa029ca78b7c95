import "./dashboards/rules.ts";
import "./dashboards/grafana.ts";
import "./dashboards/types.ts";
import "./dashboards/demo-queries.ts";
import "./dashboards/guide.ts";
