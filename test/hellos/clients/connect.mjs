// Makes a handshake with each port and prints a line for it: arguments are the CA's file and ports.
import { readFileSync } from "node:fs";
import { connect } from "node:tls";

const [file, ...ports] = process.argv.slice(2);
const ca = readFileSync(file);
for (const port of ports)
  await new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", servername: "localhost", port: Number(port), ca });
    socket.once("secureConnect", () => {
      console.log(`${port} ok`);
      socket.destroy();
      resolve();
    });
    socket.once("error", ({ code }) => {
      console.log(`${port} failed ${code}`);
      resolve();
    });
  });
