import "./daemon/faults/simulated.ts";
import "./daemon/faults/alertmanager-down.ts";
import "./daemon/faults/network.ts";
import "./daemon/faults/disk-full.ts";
import "./daemon/faults/kill.ts";
