import "./truststore/pem.ts";
import "./truststore/plain-formats.ts";
import "./truststore/load.ts";
import "./truststore/password.ts";
