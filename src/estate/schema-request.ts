import * as z from "zod";
import { isRequestPath } from "../probe/follow-up/request-path.ts";
import { choice, expecting, MAPPING } from "./schema-parts.ts";

const pathText = expecting("a path that begins with / and holds no space");
const statusText = expecting("a status from 100 to 599, or a list of them");
const Status = z.int(statusText).min(100, statusText).max(599, statusText);

// of a header that came out wrong the value is not shown: it may be a token
const headerName = expecting("the name of a header");
const headerValue = { error: () => "Expected the value of a header: one line of printable ASCII" };

/** The request that is made after a handshake. */
export const RequestFields = z
  .strictObject(
    {
      path: z.string(pathText).refine(isRequestPath, pathText),
      method: choice(["HEAD", "GET"]).meta({ default: "HEAD" }).optional(),
      expectStatus: z
        .union([Status, z.array(Status).min(1, statusText)], statusText)
        .meta({ description: "Statuses that are right; without them all below 500" })
        .optional(),
      headers: z
        .record(
          z.string(headerName).regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, headerName),
          z.string(headerValue).regex(/^[\x20-\x7e]{0,4096}$/, headerValue),
          MAPPING,
        )
        .optional(),
    },
    MAPPING,
  )
  .meta({ description: "HTTP request that is made after the handshake, or with wss an upgrade" });
