import * as z from "zod";
import type { ImportEntryDocument } from "./document.ts";
import { expecting, MAPPING, Name, Path, Paths } from "./schema-parts.ts";

const versionText = expecting("a version such as 24.0.0.9");

/** One import: a system whose own configuration describes clients, endpoints and truststores. */
export const ImportDocument: z.ZodType<ImportEntryDocument> = z
  .strictObject(
    {
      system: Name.meta({ description: "Which system, as after anchorwatch import" }),
      path: Paths.meta({ description: "Files or folders of one installation" }),
      as: Name.meta({ description: "What stands in front of every name" }).optional(),
      version: z
        .string(versionText)
        .regex(/^[0-9]+(?:\.[0-9]+){0,5}[A-Za-z0-9._-]{0,32}$/, versionText)
        .meta({ description: "The system's version, where it cannot be found" })
        .optional(),
      host: Name.meta({ description: "Name by which others reach the system" }).optional(),
      roots: z
        .union([Path, z.array(Path)], expecting("a path, or a list of paths"))
        .meta({ description: "Further folders from which files may be included" })
        .optional(),
    },
    MAPPING,
  )
  .meta({ description: "A system whose own configuration is read" });
