// Commands on a buildcache whose index lists a hundred thousand packages.

import { cpSync } from "node:fs";
import { join } from "node:path";
import { copyContent, fetchManifest, isImageIndex, openTarget, pushBytes } from "@spack-oci/oci-client";
import { scratchDirectory } from "../../support/scratch.js";
import { writeLargeBuildcache } from "../stores/large-buildcache.js";
import { runUnmeasured } from "../support/measure.js";
import type { ShellCommand } from "../support/run-command.js";
import { SEED, type Surroundings } from "../support/surroundings.js";
import type { BenchmarkCase } from "./benchmark-case.js";

/** A package of the sample with an image of its own. */
const PACKAGE = "margo-lite";
const INDEX_TAG = "index.spack";

/** The name in tables of a plan with an index that is in the cache. */
export const CACHED_PLAN = "`pull --dry-run NAME`, index in the cache";

export const largeIndex: BenchmarkCase = {
  name: "large-index",
  title: ({ indexed }) => `Use an index of ${indexed} packages`,
  about: "Commands of spack-oci on an image layout, and plans of pulls from a registry.",
  isLong: true,
  rivals: async (surroundings) => {
    const layout = scratchDirectory("large-index");
    writeLargeBuildcache(layout, surroundings.settings.indexed, SEED);
    const mirror = `oci-layout:${layout}`;
    const remote = await pushIndex(layout, surroundings);
    const cached = async (...args: readonly string[]): Promise<ShellCommand> => {
      const { environment = {}, ...command } = surroundings.ours(...args);
      const shared = {
        ...command,
        environment: { ...environment, SPACK_OCI_CACHE: join(layout, "cache") },
        leavings: [],
      };
      await runUnmeasured(shared);
      return shared;
    };
    const plan = ["pull", "--dry-run", "--allarch", "--root", scratchDirectory("root")];
    return [
      { name: "`list`", prepare: () => surroundings.ours("list", mirror) },
      { name: "`list NAME`", prepare: () => surroundings.ours("list", mirror, PACKAGE) },
      { name: "`show NAME`", prepare: () => surroundings.ours("show", mirror, PACKAGE) },
      { name: "`pull --dry-run NAME`", prepare: () => surroundings.ours(...plan, remote, PACKAGE) },
      {
        name: CACHED_PLAN,
        prepare: () => cached(...plan, remote, PACKAGE),
      },
      {
        name: "`update-index` with one new package",
        prepare: () => {
          const copy = scratchDirectory("large-index");
          cpSync(layout, copy, { recursive: true });
          return { ...surroundings.ours("update-index", `oci-layout:${copy}`), leavings: [copy] };
        },
      },
      {
        name: "`copy NAME`",
        prepare: () => {
          const copy = scratchDirectory("copy");
          return {
            ...surroundings.ours("copy", mirror, `oci-layout:${copy}/new`, PACKAGE),
            leavings: [copy],
          };
        },
      },
    ];
  },
};

/** Pushes the index without the packages, which a plan does not need. */
async function pushIndex(layout: string, surroundings: Surroundings): Promise<string> {
  const mirror = surroundings.newMirror("large-index");
  const [from, to] = [openTarget(`oci-layout:${layout}`), surroundings.open(mirror)];
  const { manifest, bytes, descriptor } = await fetchManifest(from, INDEX_TAG);
  if (isImageIndex(manifest)) throw new Error("the index is not an image");
  for (const blob of [manifest.config, ...manifest.layers]) await copyContent({ from, to }, blob);
  await pushBytes(to, bytes, { mediaType: descriptor.mediaType, tag: INDEX_TAG });
  return mirror;
}
