// Remembers the newest index that was used of each buildcache, so that an older one is noticed (TUF, "5.3: update the
// timestamp role", forbids rollbacks in the same way).

import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isMissing, reasonOf } from "@spack-oci/errors";
import { formatClaim, type IndexClaim, parseClaim } from "./index-statement.js";

/** An index that was used. */
export interface UsedIndex extends IndexClaim {
  /** The SHA-256 that its signature covers. */
  readonly covered: string;
}

/** What was seen of one buildcache. */
export interface SeenIndex {
  /** The file that has it. */
  readonly path: string;
  /** Undefined if no index was seen. */
  read(): UsedIndex | undefined;
  write(index: UsedIndex): void;
}

/** Receives what cannot be read or written. */
type OnFailure = (path: string, message: string) => void;

/**
 * @param directory the user's cache; clearing the cache does not forget indexes
 * @param buildcache its location, as `Buildcache.name` has it
 */
export function seenIndex(directory: string, buildcache: string, onFailure: OnFailure = () => {}): SeenIndex {
  const name = createHash("sha256").update(buildcache).digest("hex");
  const path = join(directory, "seen-indexes", `${name}.json`);
  return {
    path,
    read() {
      try {
        const { index, covered } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
        const claim = parseClaim(index);
        return claim && { ...claim, covered: String(covered) };
      } catch (error) {
        if (!isMissing(error))
          onFailure(path, `cannot be read, so an old index would not be noticed: ${reasonOf(error)}`);
        return undefined;
      }
    },
    write({ covered, ...claim }) {
      const temporary = `${path}.${randomUUID()}.incoming`;
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        writeFileSync(temporary, JSON.stringify({ buildcache, index: formatClaim(claim), covered }), {
          mode: 0o600,
        });
        renameSync(temporary, path);
      } catch (error) {
        onFailure(path, `cannot be written, so an old index would not be noticed: ${reasonOf(error)}`);
      }
    },
  };
}
