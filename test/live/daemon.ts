import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { ensurePage, PAGE_FOLDER } from "../../scripts/page.mjs";
import { SECURITY_HEADERS } from "../../src/daemon/http/request-guard.ts";
import { loadPage } from "../../src/daemon/http/static-page.ts";
import type { LinkFixture } from "./links.ts";

const page = ensurePage().then(() => loadPage(PAGE_FOLDER));

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
      if (!this.upgrades || !request.url?.startsWith("/api/v1/events")) {
        socket.destroy();
        return;
      }
      this.#feed.handleUpgrade(request, socket, head, (client) => {
        this.#sockets.add(client);
        client.on("close", () => this.#sockets.delete(client));
        client.send(
          JSON.stringify({
            type: "snapshot",
            sequence: this.#sequence,
            stream: "test",
            links: this.#links,
          }),
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
    const file = (await page).get(url);
    if (file !== undefined) return { status: 200, type: file.type, body: file.body.toString() };
    const problem = { type: "about:blank", title: "Not found", status: 404, detail: "Not found" };
    return { status: 404, type: "application/problem+json", body: JSON.stringify(problem) };
  }
}
