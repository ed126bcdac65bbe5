// What a filter takes while one types does not grow with the number of packages: Spack's rules compare entries of
// dictionaries, never rows. Work is counted, and the processor's time has a wide margin.

import { beforeAll, describe, expect, it, vi } from "vitest";
import { syntheticCatalog } from "../../../../tests/support/synthetic-catalog.js";
import { decodeCatalog } from "../../src/data/decode-catalog.js";
import { encodeCatalog } from "../../src/data/encode-catalog.js";
import { CatalogFilter } from "../../src/filter/catalog-filter.js";

const counted = vi.hoisted(() => ({ comparisons: 0 }));
vi.mock("@spack-oci/spack-spec", async (original) => {
  const own = await original<typeof import("@spack-oci/spack-spec")>();
  const satisfies: typeof own.satisfies = (left, right) => {
    counted.comparisons += 1;
    return own.satisfies(left, right);
  };
  return { ...own, satisfies };
});

const PACKAGES = 20_000;
/** Milliseconds on an idle machine, of which a key should take no more. */
const GOAL = 50;
/** This is not a test of the machine. Comparing packages one by one takes 1000 and more on an idle one. */
const BOUND = 10 * GOAL;

/** One of each kind of condition, and several at once. */
const QUERIES = [
  "zlib@2:+shared ~mpi %gcc@13",
  "^hdf5 ^zlib+shared %gcc@12",
  "++shared ~~mpi",
  "^zlib++shared",
  "%[when=+mpi virtuals=c] gcc@12:",
  "%c,cxx=gcc@12:13 ^[deptypes=build] cmake",
  "^openblas %%gcc@13",
  "^mpi ^libc",
  "zlib ^cmake ^hdf5 ^python ^openmpi %gcc",
  "cflags=-O2 build_system=cmake os=rhel9 target=:zen3",
  "@1,2,3,4,5 +shared +static",
  "py neoverse a e i o",
  "zlib hdf5 cmake python",
  "/abc ^/bcd",
];
const keys = QUERIES.flatMap((query) => Array.from(query, (_, at) => query.slice(0, at + 1)));

const table = decodeCatalog(encodeCatalog(syntheticCatalog(PACKAGES)));
const filter = new CatalogFilter(table);
const results: { text: string; comparisons: number; time: number; rows: number }[] = [];

beforeAll(() => {
  for (const _ of filter.warmUp());
  for (const text of keys) {
    counted.comparisons = 0;
    const start = process.cpuUsage();
    const rows = filter.match(text).rows.length;
    const { user, system } = process.cpuUsage(start);
    results.push({ text, comparisons: counted.comparisons, time: (user + system) / 1000, rows });
  }
  const times = results.map(({ time }) => time).sort((one, other) => one - other);
  const at = (part: number) => times[Math.floor(part * (times.length - 1))]?.toFixed(0);
  console.log(
    `${times.length} keys: half take up to ${at(0.5)} ms, 95% up to ${at(0.95)} ms, all up to ${at(1)} ms`,
  );
}, 240_000);

describe("each key", () => {
  it("compares entries of dictionaries, and not packages", () => {
    // Versions are the longest dictionary that one condition can be compared with; some texts have several conditions.
    const limit = 4 * table.versions.length;
    expect(limit).toBeLessThan(PACKAGES / 2);
    for (const { text, comparisons } of results) expect([text, comparisons > limit]).toEqual([text, false]);
    expect(Math.max(...results.map(({ comparisons }) => comparisons))).toBeGreaterThan(
      table.versions.length / 2,
    );
  });

  it("takes little of the processor's time", () => {
    const slow = results.filter(({ time }) => time > BOUND);
    expect(slow).toEqual([]);
    const within = results.filter(({ time }) => time <= GOAL);
    expect(within.length).toBeGreaterThan(results.length / 2);
  });

  it("is one of many different ones", () => {
    expect(new Set(results.map(({ rows }) => rows)).size).toBeGreaterThan(30);
  });
});
