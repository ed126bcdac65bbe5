// This machine is the same for this project and for Spack, with and without Spack's table of processors.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type ArchspecTable, builtInTable } from "../../packages/spack-config/src/host/archspec-table.js";
import { detectHost } from "../../packages/spack-config/src/host/host.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";

const checkout = process.env["SPACK_TEST_ROOT"] ?? "";

describeWithSpack("this machine", () => {
  it("has the same architecture", async () => {
    const spack = await Spack.create({ root: shortRoot() });
    const expected = (await spack.do("arch")).trim();
    for (const root of [checkout, undefined]) {
      const { platform, os, target } = detectHost(root);
      expect(`${platform}-${os}-${target.name}`).toBe(expected);
    }
  });

  it("is found in a table like Spack's", () => {
    const path = join(checkout, "lib/spack/spack/vendor/archspec/json/cpu/microarchitectures.json");
    const { microarchitectures, conversions } = JSON.parse(readFileSync(path, "utf8")) as ArchspecTable;
    const own = builtInTable();
    const comparable = (table: ArchspecTable["microarchitectures"]) =>
      Object.fromEntries(
        Object.entries(table).map(([name, { from, vendor, features, cpupart, generation }]) => [
          name,
          {
            from,
            vendor,
            features: [...new Set(features)].sort(),
            cpupart: cpupart ?? "",
            generation: generation ?? 0,
          },
        ]),
      );
    expect(comparable(own.microarchitectures)).toEqual(comparable(microarchitectures));
    expect(own.conversions?.arm_vendors).toEqual(conversions?.arm_vendors);
  });
});
