import "./dashboards/rules.ts";
