import "./trust/golden.ts";
import "./trust/invariants.ts";
import "./trust/messages.ts";
import "./trust/oracle.ts";
import "./trust/strict.ts";
