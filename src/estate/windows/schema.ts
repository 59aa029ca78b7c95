import * as z from "zod";
import { expecting, Labels, MAPPING, names } from "../schema-parts.ts";
import type { WindowDocument } from "./document.ts";
import type { QuietDocument } from "./quiet.ts";
import { parseWeekly } from "./weekly.ts";

/** The zone of weekly times where none is given. */
export const DEFAULT_TIME_ZONE = "UTC";

const instantText = expecting("an RFC 3339 time such as 2027-01-01T20:00:00Z");
const Instant = z.iso.datetime({ offset: true, ...instantText });

const weeklyText = expecting("days and times such as Sat 22:00-02:00 or Mon-Fri 12:00-13:00");
const zoneText = expecting("a time zone such as Europe/Berlin");

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** What a window says about its time. */
export const WINDOW_FIELDS = {
  from: Instant.optional(),
  until: Instant.optional(),
  weekly: z
    .string(weeklyText)
    .refine((text) => parseWeekly(text) !== null, weeklyText)
    .optional(),
  timeZone: z
    .string(zoneText)
    .refine(isTimeZone, zoneText)
    .meta({ default: DEFAULT_TIME_ZONE })
    .optional(),
} as const;

/** How a window words that its fields do not make one time. */
export const WINDOW_TEXT = expecting("either weekly, or from and an until that is later");

/** Whether the fields of a window make one time. */
export function isOneTime({ from, until, weekly, timeZone }: WindowDocument): boolean {
  if (weekly !== undefined) return from === undefined && until === undefined;
  const isSpan = from !== undefined && until !== undefined;
  return isSpan && timeZone === undefined && Date.parse(from) < Date.parse(until);
}

/** Times in which one endpoint is not probed. */
export const OwnQuiet: z.ZodType<readonly WindowDocument[]> = z
  .array(
    z.strictObject(WINDOW_FIELDS, MAPPING).refine(isOneTime, WINDOW_TEXT),
    expecting("a list of windows"),
  )
  .meta({ description: "Times in which it is not probed" });

/** Times in which endpoints are not probed. */
export const Quiet: z.ZodType<readonly QuietDocument[]> = z
  .array(
    z
      .strictObject(
        {
          ...WINDOW_FIELDS,
          endpoints: names("an endpoint, which may hold *").optional(),
          labels: Labels.optional(),
        },
        MAPPING,
      )
      .refine(isOneTime, WINDOW_TEXT),
    expecting("a list of windows"),
  )
  .meta({ description: "Times in which endpoints are not probed; all when none are named" });
