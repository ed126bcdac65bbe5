// Old indexes: what is compared with the newest one that was used, and with the clock.

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { formatClaim, parseClaim } from "../../src/trust/index-statement.js";
import { type SeenIndex, seenIndex } from "../../src/trust/seen-indexes.js";
import { requireFresh, requireNeverSeen } from "../../src/trust/verify-index.js";

const PLACE = "oci://host/cache:index.spack";
const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 0, 2);

let seen: SeenIndex;
let failures: ReturnType<typeof vi.fn<(path: string, message: string) => void>>;
beforeEach(() => {
  failures = vi.fn();
  seen = seenIndex(mkdtempSync(join(tmpdir(), "seen-")), "oci://host/cache", failures);
});

/** An index that was signed some hours before now. */
function index(hours: number, { version = NOW - hours * HOUR, covered = String(hours) } = {}) {
  return { version, signedAt: new Date(NOW - hours * HOUR), covered };
}

const use = (
  found: ReturnType<typeof index>,
  { maxAge, now = NOW }: { maxAge?: number; now?: number } = {},
) => requireFresh(PLACE, found, { seen, maxAge, now: () => now });
const rollback = expect.objectContaining({ code: "ERR_INDEX_ROLLBACK", kind: "untrusted" });
const expired = expect.objectContaining({ code: "ERR_INDEX_EXPIRED", kind: "untrusted" });

describe("an index", () => {
  it("may be newer than, or the same as the last one", () => {
    use(index(3));
    use(index(3));
    use(index(2));
    expect(seen.read()).toEqual(index(2));
  });

  it("must not be older", () => {
    use(index(2));
    expect(() => use(index(3))).toThrow(rollback);
    expect(() => use(index(2, { version: NOW - 2 * HOUR - 1, covered: "other" }))).toThrow(rollback);
    expect(seen.read()).toEqual(index(2));
  });

  it("must not be older although its time is later", () => {
    use(index(2, { version: 1000 }));
    expect(() => use(index(1, { version: 999 }))).toThrow(rollback);
  });

  it("may have a lower version if nothing in it has changed, and the higher one counts on", () => {
    use(index(2, { covered: "same" }));
    use(index(3, { covered: "same" }));
    expect(seen.read()?.version).toBe(NOW - 2 * HOUR);
  });

  it("must not be gone", () => {
    requireNeverSeen(PLACE, seen);
    use(index(2));
    expect(() => requireNeverSeen(PLACE, seen)).toThrow(rollback);
  });

  it("must not be too old, if there is a limit", () => {
    use(index(30));
    expect(() => use(index(30), { maxAge: 24 * HOUR })).toThrow(expired);
    use(index(23), { maxAge: 24 * HOUR });
  });

  it("does not become young because the clock of the reader was put back", () => {
    use(index(0));
    const covered = index(0).covered;
    const old = index(30, { version: NOW, covered });
    expect(() => use(old, { maxAge: 24 * HOUR, now: NOW - 30 * HOUR })).toThrow(expired);
  });

  it("must not be from the future, but clocks may differ a little", () => {
    expect(() => use(index(-1), { maxAge: HOUR })).toThrow(expired);
    use(index(-0.1), { maxAge: HOUR });
  });

  it("is not rejected if nothing can be remembered", () => {
    requireFresh(PLACE, index(3), { seen: undefined, maxAge: undefined, now: () => NOW });
    requireNeverSeen(PLACE, undefined);
  });
});

describe("the file with what was used", () => {
  it("is one for each buildcache, and only the user's own", () => {
    use(index(2));
    expect(seen.path).not.toBe(seenIndex(dirname(dirname(seen.path)), "oci://host/other").path);
    expect(JSON.parse(readFileSync(seen.path, "utf8")).buildcache).toBe("oci://host/cache");
  });

  it.each(["", "{", "[]", '{"index":{"version":-1}}'])("counts as nothing if it is damaged: %s", (text) => {
    mkdirSync(dirname(seen.path));
    writeFileSync(seen.path, text);
    use(index(2));
    expect(seen.read()).toEqual(index(2));
  });

  it("causes a warning if it cannot be written", () => {
    writeFileSync(dirname(seen.path), "a file is in the way");
    use(index(2));
    expect(failures).toHaveBeenCalledWith(
      seen.path,
      expect.stringContaining("an old index would not be noticed"),
    );
  });
});

describe("a statement", () => {
  it("is read as it was written", () => {
    const claim = { version: 5, signedAt: new Date(NOW) };
    expect(parseClaim(JSON.parse(JSON.stringify(formatClaim(claim))))).toEqual(claim);
  });

  const time = new Date(NOW).toISOString();
  it.each([
    undefined,
    null,
    {},
    { version: 0, signedAt: time },
    { version: 1.5, signedAt: time },
    { version: 2 ** 60, signedAt: time },
    { version: "1", signedAt: time },
    { version: 1, signedAt: "yesterday" },
    { version: 1, signedAt: NOW },
    { version: 1, signedAt: time, expires: time },
  ])("is rejected if it is anything else: %j", (predicate) => {
    expect(parseClaim(predicate)).toBeUndefined();
  });
});
