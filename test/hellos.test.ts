import "./hellos/agreement.ts";
import "./hellos/captures.ts";
import "./hellos/client-handshake.ts";
import "./hellos/known-hellos.ts";
