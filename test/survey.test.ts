import "./survey/asking.ts";
import "./survey/judgement.ts";
import "./survey/resumption.ts";
import "./survey/ways.ts";
import "./survey/command.ts";
import "./survey/scanner-agreement.ts";
