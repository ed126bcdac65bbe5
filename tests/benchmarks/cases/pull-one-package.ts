// Pulls of a single package, compared with pipelines that unpack it without relocating it.

import { dirname } from "node:path";
import { shortRoot } from "../../interop/support/short-root.js";
import { specFile } from "../../interop/support/spack.js";
import { canWriteZstd } from "../../support/zstd.js";
import { FILLED, type FilledStore } from "../stores/filled-package.js";
import { layerUrl } from "../support/layers.js";
import type { Rival } from "../support/measure.js";
import { withPrograms } from "../support/programs.js";
import type { Surroundings } from "../support/surroundings.js";
import { type BenchmarkCase, OURS } from "./benchmark-case.js";
import { type Filling, fillings } from "./fillings.js";
import { type Way, ways } from "./ways.js";

/** The pipeline that {@link unpackWith} runs with gunzip. */
export const GUNZIP_PIPELINE = pipelineName("gunzip");

export const pullOnePackage: readonly BenchmarkCase[] = fillings.flatMap((filling) =>
  filling.isLong
    ? [gzipCase(filling, ways.direct)]
    : [gzipCase(filling, ways.direct), gzipCase(filling, ways.link), zstdCase(filling)],
);

function gzipCase({ name, title, isLong, store }: Filling, way: Way): BenchmarkCase {
  return {
    name: `pull-${name}${way.suffix}`,
    title: (settings) => `Pull and relocate ${title(settings)}${way.title}`,
    isLong,
    about: "Into an empty store. The pipeline relocates nothing.",
    rivals: async (surroundings) => {
      const open = await way.open(surroundings);
      const mirror = await pushed(surroundings, await store(surroundings));
      return [
        { name: OURS, prepare: () => surroundings.ourPull(open(mirror), FILLED) },
        ...surroundings.spackPull(open(mirror), specFile(FILLED)),
        ...unpackWith("gunzip", open(await layerUrl(surroundings, mirror))),
      ];
    },
  };
}

function zstdCase({ name, title, isLong, store }: Filling): BenchmarkCase {
  return {
    name: `pull-${name}-zstd`,
    title: (settings) => `Pull and relocate ${title(settings)}, compressed with zstd`,
    isLong,
    about: "Without Spack, which cannot read zstd with Python before 3.14. The pipeline relocates nothing.",
    rivals: async (surroundings) => {
      if (!canWriteZstd("pulls of zstd layers")) return [];
      const mirror = await pushed(surroundings, await store(surroundings), "--compression", "zstd");
      return [
        { name: OURS, prepare: () => surroundings.ourPull(mirror, FILLED) },
        ...unpackWith("zstd -dc", await layerUrl(surroundings, mirror)),
      ];
    },
  };
}

async function pushed(
  surroundings: Surroundings,
  { root }: FilledStore,
  ...options: readonly string[]
): Promise<string> {
  const mirror = surroundings.newMirror("pull");
  await surroundings.prepare("push", mirror, FILLED, "--store", root, "--update-index", ...options);
  return mirror;
}

function unpackWith(program: string, url: string): Rival[] {
  const programs = ["curl", program.split(" ")[0] ?? ""];
  const prepare = () => {
    const root = dirname(shortRoot());
    // The shell waits for the digest too, since its time counts.
    const fetch = `curl -sSfk ${url} | { tee >(sha256sum >/dev/null); wait $!; }`;
    return { script: `mkdir ${root}; ${fetch} | ${program} | tar -x -C ${root}`, leavings: [root] };
  };
  return withPrograms(programs, { name: pipelineName(program), prepare });
}

function pipelineName(program: string): string {
  return `\`curl \\| tee >(sha256sum) \\| ${program} \\| tar -x\``;
}
