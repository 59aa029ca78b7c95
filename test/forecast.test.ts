import "./forecast/breaks-until.ts";
import "./forecast/work.ts";
import "./forecast/random-estates.ts";
import "./forecast/report.ts";
import "./forecast/calendar.ts";
import "./forecast/command.ts";
