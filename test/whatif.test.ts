import "./whatif/plans.ts";
import "./whatif/property.ts";
import "./whatif/rotate.ts";
