import "./remedies/system-steps.ts";
import "./remedies/verify-step.ts";
import "./remedies/extract.ts";
import "./remedies/carried-out.ts";
