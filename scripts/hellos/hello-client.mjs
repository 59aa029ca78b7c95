// Sends the hello of node:tls with its default options: arguments are port and server name.
import { connect } from "node:tls";

const [, , port, servername] = process.argv;
connect({ host: "127.0.0.1", port: Number(port), servername }).on("error", () => undefined);
