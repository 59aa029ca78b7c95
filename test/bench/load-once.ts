// node test/bench/load-once.ts FILE PASSWORD: prints what reading this one store cost, in microseconds of processor and wall.
import { loadStoreFile } from "../../src/truststore/load.ts";

const [, , path = "", password = ""] = process.argv;
const [cpu, wall] = [process.cpuUsage(), process.hrtime.bigint()];
const read = await loadStoreFile(path, { password });
const { user, system } = process.cpuUsage(cpu);
if (!read.ok) throw new Error(read.error.message);
console.log(`${user + system} ${Number(process.hrtime.bigint() - wall) / 1_000}`);
