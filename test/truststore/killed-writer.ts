// Replaces a file and is killed before its Nth call on files: the arguments are the path and N.
import * as nodeFiles from "node:fs/promises";
import { type FileCalls, replaceFile } from "../../src/truststore/write-file.ts";

const [path = "", steps = "0"] = process.argv.slice(2);
let left = Number(steps);

/** Ends the process as a power cut would, when its time has come. */
function step(): void {
  if (left-- === 0) process.kill(process.pid, "SIGKILL");
}

const counted: FileCalls = {
  ...nodeFiles,
  open: async (name, flags, mode) => {
    step();
    const file = await nodeFiles.open(name, flags, mode);
    const write = file.writeFile.bind(file);
    const sync = file.sync.bind(file);
    file.writeFile = (data, options) => {
      step();
      return write(data, options);
    };
    file.sync = () => {
      step();
      return sync();
    };
    return file;
  },
  link: (from, to) => {
    step();
    return nodeFiles.link(from, to);
  },
  rename: (from, to) => {
    step();
    return nodeFiles.rename(from, to);
  },
};

const replaced = await replaceFile(
  path,
  Buffer.from("the new content, which is longer"),
  { expected: Buffer.from("the old content"), now: Date.now() },
  counted,
);
process.exitCode = replaced.ok ? 0 : 1;
