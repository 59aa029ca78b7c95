import { importsOf, isRelative, targetOf } from "./imports.ts";
import { LAYERS } from "./layers.ts";
import type { SourceFile, Violation } from "./source.ts";

const layerOf = (path: string): string | undefined => /^src\/([^/]+)\//u.exec(path)?.[1];

/** Imports that run upwards, sideways or out of `src`, and files that stand in no layer. */
export const wrongDirections = (files: readonly SourceFile[]): readonly Violation[] =>
  files.flatMap((file): readonly Violation[] => {
    const { path } = file;
    const layer = layerOf(path);
    const below = layer === undefined ? undefined : LAYERS.get(layer);
    if (layer === undefined || below === undefined)
      return [
        {
          path,
          line: 1,
          rule: `Stands in no layer; the layers are ${[...LAYERS.keys()].join(", ")}`,
        },
      ];
    return importsOf(file)
      .filter(({ specifier }) => isRelative(specifier))
      .flatMap(({ specifier, line }) => {
        const target = targetOf(file, specifier);
        const other = layerOf(target);
        if (other === layer || (other !== undefined && below.includes(other))) return [];
        const allowed = below.length === 0 ? "nothing else" : below.join(", ");
        return [
          {
            path,
            line,
            rule:
              other === undefined
                ? `Imports ${target}, which is outside the layers`
                : `Layer ${layer} imports ${other}; below it are ${allowed}`,
          },
        ];
      });
  });
