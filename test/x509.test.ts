import "./x509/anomalies.ts";
import "./x509/certificates.ts";
import "./x509/der.ts";
import "./x509/fuzz.ts";
import "./x509/names.ts";
import "./x509/pem.ts";
import "./x509/refusals/agreement.ts";
