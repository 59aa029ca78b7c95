import "./trust/breaks-at.ts";
import "./trust/golden.ts";
import "./trust/invariants.ts";
import "./trust/java-security.ts";
import "./trust/messages.ts";
import "./trust/oracle.ts";
import "./trust/strict.ts";
