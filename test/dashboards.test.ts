import "./dashboards/rules.ts";
import "./dashboards/grafana.ts";
import "./dashboards/types.ts";
