// Pushes and pulls of which all packages but one are already present.

import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { shortRoot } from "../../interop/support/short-root.js";
import { scratchDirectory } from "../../support/scratch.js";
import { findPrefix, prefixNames } from "../../support/store-tree.js";
import { PADDING } from "../stores/pull-sample.js";
import { spackInstall } from "../support/surroundings.js";
import type { BenchmarkCase } from "./benchmark-case.js";
import { bothCompressions } from "./both-compressions.js";

const pushOneNew: BenchmarkCase = {
  name: "push-one-new",
  title: ({ many }) => `Push ${many} small packages, one of them new`,
  about: "Including the index.",
  rivals: async (surroundings) => {
    const { root, roots } = await surroundings.smallPackages(surroundings.settings.many);
    const others = surroundings.newMirror("others");
    await surroundings.prepare(
      "push",
      others,
      "--store",
      root,
      "--exclude",
      roots.at(-1) ?? "",
      "--update-index",
    );
    const lackOne = async () => {
      const mirror = surroundings.newMirror("one-new");
      await surroundings.prepare("copy", others, mirror);
      return mirror;
    };
    const push = ["--store", root, "--update-index"];
    const ours = bothCompressions(async (...options) =>
      surroundings.ours("push", await lackOne(), ...push, ...options),
    );
    const spackPush = ["buildcache", "push", "--unsigned", "--update-index", "mochi", ...roots];
    return [
      ...ours,
      ...surroundings.spack(
        async () => ({ root, paddedLength: PADDING, mirror: await lackOne() }),
        ...spackPush,
      ),
    ];
  },
};

const pullOneNew: BenchmarkCase = {
  name: "pull-one-new",
  title: ({ many }) => `Pull ${many} small packages, one of them new`,
  about: "The others are already in the store.",
  rivals: async (surroundings) => {
    const { many } = surroundings.settings;
    const { roots, specFiles } = await surroundings.smallPackages(many);
    const mirror = await surroundings.filledMirror(many);
    const root = shortRoot();
    await surroundings.prepare("pull", "--allarch", mirror, ...roots.slice(0, -1), "--root", root);
    const database = join(scratchDirectory("database"), "kept");
    cpSync(join(root, ".spack-db"), database, { recursive: true });
    const ours = bothCompressions(async (...options) =>
      surroundings.ours(
        "pull",
        "--allarch",
        await surroundings.filledMirror(many, ...options),
        ...roots,
        "--root",
        root,
      ),
    );
    const spack = surroundings.spack(() => ({ root, mirror }), ...spackInstall(specFiles));
    return [...ours, ...spack].map(({ name, prepare }) => ({
      name,
      prepare: () => {
        forget(root, roots.at(-1) ?? "", database);
        return prepare();
      },
    }));
  },
};

/** Removes a package from a store, and restores the database from before it was installed. */
function forget(root: string, spec: string, database: string): void {
  for (const name of prefixNames(root).filter((candidate) => candidate.endsWith(spec.slice(1)))) {
    rmSync(findPrefix(root, name), { recursive: true });
  }
  rmSync(join(root, ".spack-db"), { recursive: true });
  cpSync(database, join(root, ".spack-db"), { recursive: true });
}

export const oneNewPackage: readonly BenchmarkCase[] = [pushOneNew, pullOneNew];
