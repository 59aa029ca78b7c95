import "./lab/truststore-side.ts";
import "./lab/chain-side.ts";
import "./lab/topology-side.ts";
import "./lab/healthy.ts";
