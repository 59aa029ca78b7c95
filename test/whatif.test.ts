import "./whatif/safe-order.ts";
import "./whatif/plans.ts";
import "./whatif/commands.ts";
import "./whatif/property.ts";
import "./whatif/rotate.ts";
