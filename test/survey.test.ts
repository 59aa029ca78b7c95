import "./survey/asking.ts";
import "./survey/ways.ts";
import "./survey/scanner-agreement.ts";
