import { Readable, type Transform, type TransformOptions } from "node:stream";
import { promisify } from "node:util";
import { createGzip, gzip, type ZlibOptions } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { takesGzip } from "./negotiate.ts";

/** Bytes below which packing costs more than it saves. */
const MIN_BYTES = 1400;

/** Quick rather than small: the answers are made anew each time. */
const LEVEL = 4;

/** Bytes that may wait to be packed, in a thread, while the next part is written. */
const AHEAD = 1_048_576;

/** Packed bytes that are handed on at a time. */
const PACKED = 65_536;

const PACKABLE =
  /^(text\/|image\/svg|application\/([\w.-]+\+)?(json|x-ndjson|openmetrics-text|manifest))/;

const pack = promisify(gzip);

/** Packs answers with gzip for those who take it; long ones as they are made. */
export function compress(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply, payload: unknown) => {
    const type = String(reply.getHeader("content-type") ?? "");
    if (!PACKABLE.test(type)) return payload;
    const vary = reply.getHeader("vary");
    reply.header(
      "vary",
      vary === undefined ? "Accept-Encoding" : `${String(vary)}, Accept-Encoding`,
    );
    if (request.method === "HEAD" || !takesGzip(request.headers["accept-encoding"])) return payload;
    const packed = await packedPayload(payload);
    if (packed === null) return payload;
    reply.header("content-encoding", "gzip").removeHeader("content-length");
    const etag = reply.getHeader("etag");
    // other bytes, same meaning
    if (typeof etag === "string" && !etag.startsWith("W/")) reply.header("etag", `W/${etag}`);
    return packed;
  });
}

/** Null for what is better left as it is. */
async function packedPayload(payload: unknown): Promise<Buffer | Transform | null> {
  if (payload instanceof Readable) {
    const options: ZlibOptions & TransformOptions = {
      level: LEVEL,
      chunkSize: PACKED,
      writableHighWaterMark: AHEAD,
    };
    const packer = createGzip(options);
    // what reads it goes away with the one who asked, and must take the source along
    payload.once("error", (error) => packer.destroy(error));
    packer.once("close", () => payload.destroy());
    return payload.pipe(packer);
  }
  const isLong =
    (typeof payload === "string" || Buffer.isBuffer(payload)) && payload.length >= MIN_BYTES;
  return isLong ? pack(payload, { level: LEVEL }) : null;
}
