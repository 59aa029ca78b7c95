import "./whatif/plans.ts";
import "./whatif/property.ts";
