// A store with odd contents: prefixes, and packages that are deprecated, developed, or in an upstream.

import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchDirectory } from "../../support/scratch.js";
import { copyStore } from "./copy-store.js";
import { addOddContents } from "./odd-contents.js";
import { shortRoot } from "./short-root.js";
import { Spack } from "./spack.js";

/** In the upstream, with everything they depend on. */
const UPSTREAM = ["compiler-wrapper", "gcc", "glibc", "gcc-runtime", "build-tool-lite", "argobots-lite"];

/** Adds a copy of a package that was developed in a directory. */
const DEVELOP = (specFile: string) => `
import json, os, shutil
import spack.store
from spack.spec import Spec
original = Spec.from_specfile(${JSON.stringify(specFile)})
document = original.to_dict()
node = document["spec"]["nodes"][0]
node["parameters"]["dev_path"] = "/home/dev/my project's é"
# Reading a document changes it.
bare = Spec.from_dict(json.loads(json.dumps(document)))
bare._hash = None
node["hash"] = bare.dag_hash()
spec = Spec.from_dict(json.loads(json.dumps(document)))
shutil.copytree(original.prefix, spec.prefix, symlinks=True)
with open(os.path.join(spec.prefix, ".spack", "spec.json"), "w") as f:
    json.dump(spec.to_dict(), f)
with open(os.path.join(spec.prefix, "origin"), "w") as f:
    f.write(f"{spec.prefix}\\n")
spack.store.STORE.db.add(spec, explicit=True)
print(spec.dag_hash())
`;

/** A package of the store. */
interface OddPackage {
  readonly name: string;
  readonly hash: string;
  /** The file with its concrete spec. */
  readonly specFile: string;
}

/** A store, and the Spack that it belongs to. */
export interface OddStore {
  readonly root: string;
  readonly spack: Spack;
  /** Settings for every command: they name the upstream. */
  readonly settings: readonly string[];
  /** Its packages, without those of the upstream. */
  readonly packages: readonly OddPackage[];
}

interface Index {
  database: {
    installs: Record<
      string,
      { path: string; installed: boolean; spec: { name: string; version: string; external?: object } }
    >;
  };
}

/** @param authority of the certificates of its buildcaches */
export async function makeOddStore(authority: string): Promise<OddStore> {
  // Longer than the roots of other stores, so that their paths fit.
  const root = join(shortRoot(), "an odd store é");
  const upstream = join(shortRoot(), "upstream-store");
  const prefixes = await copyStore(root);
  const inUpstream = await copyStore(upstream);
  splitStore(root, upstream);
  const prefixOf = (name: string) => prefixes.get(name) ?? "";
  addOddContents({
    prefix: prefixOf("json-c-lite"),
    dependency: inUpstream.get("gcc-runtime") ?? "",
    root,
  });
  addOddContents({
    prefix: prefixOf("mochi-scripts"),
    dependency: prefixOf("interp-lite"),
    root,
  });
  const spack = await Spack.create({ root, authority });
  const settings = ["-c", `upstreams:site:install_tree:'${upstream}'`];
  const scratch = scratchDirectory("odd-store");
  const script = join(scratch, "develop.py");
  writeFileSync(script, DEVELOP(join(prefixOf("data-lite"), ".spack", "spec.json")));
  await spack.do(...settings, "python", script);
  const deprecate = ["deprecate", "-y", "-D", "libfabric-lite@1.21.1", "libfabric-lite@1.22.0"];
  await spack.do(...settings, ...deprecate);
  const { installs } = readIndex(root).database;
  const packages = Object.entries(installs).flatMap(([hash, { installed, path, spec }]) =>
    installed ? [{ name: spec.name, hash, specFile: copySpec(path, join(scratch, `${hash}.json`)) }] : [],
  );
  return { root, spack, settings, packages };
}

/** Spack's command line does not take paths with spaces for files. */
function copySpec(prefix: string, to: string): string {
  copyFileSync(join(prefix, ".spack", "spec.json"), to);
  return to;
}

/** Leaves each package in one of two copies of a store. */
function splitStore(root: string, upstream: string): void {
  for (const [store, isHere] of [
    [root, (name: string) => !UPSTREAM.includes(name)],
    [upstream, (name: string) => UPSTREAM.includes(name)],
  ] as const) {
    const index = readIndex(store);
    for (const [hash, { path, spec }] of Object.entries(index.database.installs)) {
      if (isHere(spec.name)) continue;
      if (spec.external === undefined) rmSync(path, { recursive: true });
      delete index.database.installs[hash];
    }
    writeFileSync(join(store, ".spack-db", "index.json"), JSON.stringify(index));
  }
}

function readIndex(root: string): Index {
  return JSON.parse(readFileSync(join(root, ".spack-db", "index.json"), "utf8")) as Index;
}
