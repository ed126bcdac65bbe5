// Rivals run in turn, and a failing one does not stop the others.

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../support/scratch.js";
import { removeLeavings } from "../support/leavings.js";
import { firstLine, measure } from "../support/measure.js";
import { median } from "../support/median.js";
import { runCase } from "../support/run-case.js";
import { readSettings } from "../support/settings.js";
import type { Surroundings } from "../support/surroundings.js";

const settings = readSettings({ SPACK_OCI_BENCH_ROUNDS: "2" });

it("runs all rivals once before any runs again", async () => {
  const order: string[] = [];
  const rival = (name: string) => ({
    name,
    prepare: () => {
      order.push(name);
      return { script: "true" };
    },
  });
  await measure([rival("a"), rival("b")], { rounds: 2 });
  expect(order).toEqual(["a", "b", "a", "b"]);
});

it("counts the time of all processes, and the memory of the largest", async () => {
  const spin = "i=0; while [ $((i+=1)) -lt 60000 ]; do :; done";
  const memory = `${process.execPath} -e 'Buffer.alloc(8e7, 1)'`;
  const [measured] = await measure(
    [{ name: "", prepare: () => ({ script: `(${spin}) & ${memory}; wait` }) }],
    { rounds: 1 },
  );
  expect(measured?.cost?.processorSeconds).toBeGreaterThan(0.01);
  expect(measured?.cost?.peak).toBeGreaterThan(1e8);
});

it("divides the cost of repeated work", async () => {
  const rival = { name: "", prepare: () => ({ script: "sleep 0.1", repeats: 1_000_000 }) };
  const [measured] = await measure([rival], { rounds: 1 });
  expect(measured?.cost?.seconds).toBeGreaterThanOrEqual(0.09 / 1_000_000);
  expect(measured?.cost?.seconds).toBeLessThan(0.01);
});

it("takes the cost of a part from the program itself, and the memory from its process", async () => {
  const costFile = join(scratchDirectory("cost"), "cost");
  const rival = (script: string) => ({ name: "", prepare: () => ({ script, costFile }) });
  const writes = `echo '{"seconds":7,"processorSeconds":8}' >${costFile}`;
  const [measured, silent] = await measure([rival(writes), rival(`rm -f ${costFile}`)], { rounds: 1 });
  expect(measured?.cost).toMatchObject({ seconds: 7, processorSeconds: 8 });
  expect(measured?.cost?.peak).toBeGreaterThan(0);
  expect(silent?.failure).toContain("ENOENT");
});

it("drops a rival that failed, and removes leftovers at the end", async () => {
  const leaving = join(scratchDirectory("leaving"), "run");
  const failing = { script: "echo 'Error: no room' >&2; exit 3", leavings: [leaving] };
  const [failed, other] = await measure(
    [
      {
        name: "failing",
        prepare: () => {
          mkdirSync(leaving, { recursive: true });
          return failing;
        },
      },
      { name: "other", prepare: () => ({ script: "true" }) },
    ],
    { rounds: 2 },
  );
  expect(failed).toEqual({ name: "failing", failure: "Error: no room" });
  expect(other?.cost).toBeDefined();
  expect(existsSync(leaving)).toBe(true);
  removeLeavings();
  expect(existsSync(leaving)).toBe(false);
});

it("reports a case that cannot start", async () => {
  const rivals = () => Promise.reject(new Error("no store | no case"));
  const result = await runCase({ name: "none", title: () => "None", about: "", rivals }, {
    settings,
  } as Surroundings);
  expect(result).toMatchObject({ measurements: [], failure: "no store \\| no case" });
});

it("finds the line that names the error", () => {
  expect(firstLine(new Error("3 to do\n[1/3] a\nError: full\nmore"))).toBe("Error: full");
  expect(firstLine("nothing else")).toBe("nothing else");
});

it("computes the median", () => {
  expect([median([5, 1, 3]), median([4, 1, 2, 3]), median([])]).toEqual([3, 2.5, Number.NaN]);
});
