import "./estate/systems/api-gateway.ts";
import "./estate/systems/apache.ts";
import "./estate/systems/connector-server.ts";
import "./estate/systems/haproxy.ts";
import "./estate/systems/nginx.ts";
import "./estate/systems/real-servers.ts";
import "./estate/systems/service-manager.ts";
