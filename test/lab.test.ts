import "./lab/truststore-side.ts";
import "./lab/chain-side.ts";
import "./lab/topology-side.ts";
import "./lab/healthy.ts";
import "./lab/leaf-side.ts";
import "./lab/handshake-side.ts";
import "./lab/client-auth-side.ts";
import "./lab/pairs.ts";
