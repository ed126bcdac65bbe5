// A pull chooses what the machine can run.

import { ImageLayout } from "@spack-oci/oci-client";
import { beforeAll, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { scratchDirectory } from "../support/scratch.js";
import { pushSynthetic } from "../support/synthetic-buildcache.js";

const scratch = scratchDirectory("pull-machines");
const layout = `oci-layout:${scratch}/layout`;
const host = { platform: "linux", os: "debian12", target: { name: "skylake", family: "x86_64" } };

beforeAll(async () => {
  await pushSynthetic(new ImageLayout(`${scratch}/layout`), [
    { name: "solo", target: "neoverse_v2" },
    { name: "tool.arm", target: "aarch64" },
    { name: "tool.new", target: "x86_64_v4" },
    { name: "tool.old", target: "x86_64_v2" },
    { name: "wide.new", target: "x86_64_v4" },
    { name: "wide.arm", target: "aarch64" },
  ]);
});

interface PullJson {
  readonly planned: readonly { readonly name: string; readonly prefix: string }[];
}

async function pull(...args: string[]) {
  const run = await spackOci(["pull", layout, ...args, "--root", `${scratch}/root`, "--dry-run", "--json"], {
    host,
  });
  return { ...run, planned: run.json<PullJson>().planned?.map(({ prefix }) => prefix.split("/").at(-2)) };
}

describe.each([["with an index"], ["without an index"]])("a buildcache %s", (how) => {
  beforeAll(async () => {
    if (how === "without an index") return;
    expect(await spackOci(["update-index", layout])).toMatchObject({ status: 0 });
  });

  it("installs the package that this machine can run", async () => {
    expect(await pull("tool")).toMatchObject({ status: 0, planned: ["linux-x86_64_v2"] });
  });

  it("ends with 3 if none can run here, and says what there is and what this machine is", async () => {
    const run = await pull("solo");
    expect(run.status).toBe(3);
    expect(run.stderr).toContain(
      "is for other machines: linux-debian12-neoverse_v2. This machine is linux-debian12-skylake.",
    );
    expect((await pull("wide")).stderr).toContain("linux-debian12-aarch64, linux-debian12-x86_64_v4");
  });

  it.each(["-a", "--allarch", "-o", "--otherarch"])(
    "installs packages for other machines with %s",
    async (flag) => {
      expect(await pull("solo", flag)).toMatchObject({ status: 0, planned: ["linux-neoverse_v2"] });
      const ambiguous = await pull("wide", flag);
      expect(ambiguous.status).toBe(2);
      expect(ambiguous.stderr).toMatch(
        /target=x86_64_v4[\s\S]*target=aarch64|target=aarch64[\s\S]*target=x86_64_v4/,
      );
    },
  );

  it("leaves packages for other machines out of everything, and says so", async () => {
    const run = await pull();
    expect(run).toMatchObject({ status: 0, planned: ["linux-x86_64_v2"] });
    expect(run.stderr).toContain("5 of 6 packages");
    expect((await pull("-a")).planned).toHaveLength(6);
  });
});
