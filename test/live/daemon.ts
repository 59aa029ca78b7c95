import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type WebSocket, WebSocketServer } from "ws";
import { SECURITY_HEADERS } from "../../src/daemon/http/request-guard.ts";
import type { LinkFixture } from "./links.ts";

const folder = fileURLToPath(new URL("../../dashboards/live", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

/** As much of the daemon as the page sees, with links that a test sets. */
export class PageServer {
  readonly #http = createServer((request, response) => {
    void this.#answer(request.url ?? "/").then(({ status, type, body }) => {
      response.writeHead(status, { "content-type": type, ...SECURITY_HEADERS });
      response.end(body);
    });
  });
  readonly #feed = new WebSocketServer({ noServer: true });
  readonly #sockets = new Set<WebSocket>();
  #links: readonly LinkFixture[];
  #sequence = 1;
  #port = 0;
  /** Whether WebSockets are let through; a proxy between page and daemon may not. */
  upgrades = true;
  /** Paths that were asked for, without repetition. */
  readonly asked = new Set<string>();

  constructor(links: readonly LinkFixture[]) {
    this.#links = links;
    this.#http.on("upgrade", (request, socket, head) => {
      if (!this.upgrades || request.url !== "/api/v1/events") {
        socket.destroy();
        return;
      }
      this.#feed.handleUpgrade(request, socket, head, (client) => {
        this.#sockets.add(client);
        client.on("close", () => this.#sockets.delete(client));
        client.send(
          JSON.stringify({ type: "snapshot", sequence: this.#sequence, links: this.#links }),
        );
      });
    });
  }

  /** Listens on loopback; again on the same port after `stop`. */
  async start(): Promise<string> {
    this.#http.listen(this.#port, "127.0.0.1");
    await once(this.#http, "listening");
    this.#port = (this.#http.address() as AddressInfo).port;
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** Stops listening and cuts every connection, as a daemon that dies does. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, "close");
  }

  /** Replaces one link and tells every page. */
  change(link: LinkFixture): void {
    this.#links = [
      ...this.#links.filter((one) => one.client !== link.client || one.endpoint !== link.endpoint),
      link,
    ];
    this.#sequence++;
    this.send({ type: "link", sequence: this.#sequence, link });
  }

  /** Replaces all links without telling: pages learn of it when they come back. */
  replace(links: readonly LinkFixture[]): void {
    this.#links = links;
    this.#sequence++;
  }

  /** Sends a message as it is: an object as JSON, text as text. */
  send(message: object | string): void {
    for (const socket of this.#sockets)
      socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  async #answer(
    url: string,
  ): Promise<{ readonly status: number; readonly type: string; readonly body: string }> {
    this.asked.add(url);
    if (url === "/api/v1/links")
      return {
        status: 200,
        type: "application/json",
        body: JSON.stringify({ sequence: this.#sequence, links: this.#links }),
      };
    const name = url === "/" ? "index.html" : url.slice(1);
    try {
      if (!/^[a-z-]+\.[a-z]+$/u.test(name)) throw new Error(`No such file: ${name}`);
      const body = await readFile(join(folder, name), "utf8");
      return { status: 200, type: TYPES[extname(name)] ?? "text/plain", body };
    } catch {
      return { status: 404, type: "text/plain", body: "Not found" };
    }
  }
}
