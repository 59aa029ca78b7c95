import "./demo/certificate.ts";
import "./demo/stores.ts";
import "./demo/servers.ts";
import "./demo/links.ts";
import "./demo/demo.ts";
