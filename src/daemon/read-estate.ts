import { resolve } from "node:path";
import type { EstateProblem } from "../estate/estate.ts";
import { ok, type Result } from "../x509/result.ts";
import { signatureOf } from "./file-watch.ts";
import { filesOf, type Inventory, type InventoryReaders, loadInventory } from "./inventory.ts";
import { readEstateFile } from "./threads/read-in-thread.ts";

/** An estate with its files read, and how they looked before. */
export interface ReadEstate {
  readonly inventory: Inventory;
  readonly files: readonly string[];
  /** See signatureOf: a later change of any file makes another. */
  readonly signature: string;
}

/** An estate that changes again and again while it is read is taken as it is; the file watch sees the rest. */
const ATTEMPTS = 3;

/** Reads an estate file and every file that it names. */
export async function readEstate(
  file: string,
  readers: InventoryReaders,
): Promise<Result<ReadEstate, readonly EstateProblem[]>> {
  const path = resolve(file);
  for (let attempt = 1; ; attempt++) {
    const before = await signatureOf([path]);
    const estate = await readEstateFile(file);
    if (!estate.ok) return estate;
    const files = filesOf(estate.value);
    const signature = await signatureOf(files);
    const inventory = await loadInventory(estate.value, readers);
    if (attempt === ATTEMPTS || (await signatureOf([path])) === before)
      return ok({ inventory, files, signature });
  }
}
