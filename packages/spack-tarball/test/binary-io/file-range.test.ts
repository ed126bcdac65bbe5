// Ranges of a file overlap, merge and move.

import { describe, expect, it } from "vitest";
import { alignUp, contains, mergeRanges, movedTo, overlaps } from "../../src/binary-io/file-range.js";

const range = (offset: number, size: number) => ({ offset, size });

describe("file ranges", () => {
  it("that only touch do not overlap", () => {
    expect(overlaps(range(0, 4), range(4, 4))).toBe(false);
    expect(overlaps(range(0, 5), range(4, 4))).toBe(true);
    expect(contains(range(0, 8), range(4, 4))).toBe(true);
    expect(contains(range(0, 8), range(4, 5))).toBe(false);
  });

  it("that overlap are merged, in any order", () => {
    const ranges = [range(20, 4), range(0, 10), range(8, 4), range(2, 3), range(12, 2)];
    expect(mergeRanges(ranges)).toEqual([range(0, 12), range(12, 2), range(20, 4)]);
  });

  it("move with the larger range that contains them", () => {
    const moves = [{ from: range(100, 20), to: range(500, 20) }];
    expect(movedTo(range(104, 4), moves)).toEqual(range(504, 4));
    expect(movedTo(range(100, 20), moves)).toEqual(range(500, 20));
    expect(movedTo(range(110, 20), moves)).toBeUndefined();
  });

  it("that change their size move as a whole", () => {
    const moves = [{ from: range(100, 20), to: range(500, 90) }];
    expect(movedTo(range(100, 20), moves)).toEqual(range(500, 90));
  });

  it("are aligned upward", () => {
    expect([0, 1, 15, 16, 17].map((offset) => alignUp(offset, 16))).toEqual([0, 16, 16, 16, 32]);
  });
});
