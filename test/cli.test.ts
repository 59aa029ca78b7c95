import "./cli/check-faulty-peers.ts";
import "./cli/check-targets.ts";
