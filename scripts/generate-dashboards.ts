// Writes the JSON that Grafana imports from the dashboards as code.
import { writeFileSync } from "node:fs";
import { dashboardFiles } from "../dashboards/grafana/dashboards.ts";

for (const { file, text } of dashboardFiles()) writeFileSync(file, text);
