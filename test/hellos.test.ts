import "./hellos/agreement.ts";
import "./hellos/captures.ts";
import "./hellos/known-hellos.ts";
