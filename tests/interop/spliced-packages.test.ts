// Spliced packages: installed from the layer of the spec that was built, pushed, and checked, as by Spack.

import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createRegistryClient,
  ImageLayout,
  openTarget,
  type TagLister,
  type Target,
} from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { copyTarget } from "../support/copy-target.js";
import { fixture } from "../support/fixtures.js";
import { configOf, packageTagsOf } from "../support/images.js";
import { scratchDirectory } from "../support/scratch.js";
import { type Records, readRecords } from "./support/database.js";
import { describeStore, INSTALL_MANIFEST, INSTALL_TIMES } from "./support/describe-store.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack, specFile } from "./support/spack.js";
import { startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

interface SpecDocument {
  readonly spec: { readonly nodes: readonly { readonly name: string; readonly hash: string }[] };
}

/** Splices argobots-lite@main into margo-lite and its dependents, and installs the result from the buildcache. */
const SPLICE = (name: string, result: string) => `
import json
import spack.binary_distribution as bd
from spack.spec import Spec

original = Spec.from_specfile("${specFile(name)}")
other = Spec.from_specfile("${specFile("argobots-lite-main")}")
spliced = original.splice(other, transitive=False)
# Leaves edges without dependency types behind, which a lock file does not have.
spliced = Spec.from_dict(spliced.to_dict())
assert spliced.spliced and spliced.build_spec.dag_hash() == original.dag_hash()
for node in spliced.traverse(root=True, order="post", deptype=("link", "run")):
    bd.install_root_node(node, unsigned=True)
nodes = {}
for node in spliced.traverse():
    nodes[node.dag_hash()] = node.node_dict_with_hashes()
    for built in node.build_spec.traverse():
        nodes.setdefault(built.dag_hash(), built.node_dict_with_hashes())
with open("${result}", "w") as f:
    json.dump({"root": spliced.to_dict(), "nodes": nodes}, f)
`;

describeWithSpack("a spliced package", () => {
  const root = shortRoot();
  const scratch = scratchDirectory("spliced");
  let registry: TlsRegistry;
  let spack: Spack;
  /** Of the spliced specs. */
  const hashes: string[] = [];
  let nodes: Record<string, unknown> = {};

  const ours = (...args: string[]) =>
    spackOci(args, { environment: { SSL_CERT_FILE: registry.authority, HOME: scratch } });
  const open = (repository: string) => {
    const client = createRegistryClient({ tls: () => ({ caFiles: [registry.authority] }) });
    return openTarget(registry.location(repository), { client }) as Target & TagLister;
  };

  beforeAll(async () => {
    registry = await startTlsRegistry();
    await copyTarget(new ImageLayout(fixture("oci-layout-main")), open("built"));
    spack = await Spack.create({ root, mirror: registry.location("built"), authority: registry.authority });
    for (const name of ["margo-lite", "thallium-lite"]) {
      writeFileSync(join(scratch, "splice.py"), SPLICE(name, join(scratch, "spliced.json")));
      await spack.do("python", join(scratch, "splice.py"));
      const made = JSON.parse(readFileSync(join(scratch, "spliced.json"), "utf8")) as {
        root: SpecDocument;
        nodes: Record<string, unknown>;
      };
      hashes.push(made.root.spec.nodes[0]?.hash ?? "");
      nodes = { ...nodes, ...made.nodes };
    }
    renameSync(root, join(scratch, "theirs"));
  });
  afterAll(() => registry.stop());

  /** An environment with the spliced specs as roots. */
  function environment(): string {
    const directory = join(scratch, "environment");
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      join(directory, "spack.yaml"),
      "spack:\n  view: false\n  specs: [margo-lite, thallium-lite]\n",
    );
    const lockfile = JSON.parse(readFileSync(fixture("producer/spack.lock"), "utf8")) as object;
    const roots = hashes.map((hash) => ({ hash, spec: "any" }));
    writeFileSync(
      join(directory, "spack.lock"),
      JSON.stringify({ ...lockfile, roots, concrete_specs: nodes }),
    );
    return directory;
  }

  it("is installed from the layer of its build spec, equal to Spack's", async () => {
    const theirs = join(scratch, "theirs");
    const index = join(theirs, ".spack-db/index.json");
    copyFileSync(index, `${index}.original`);
    expect(await spack.ours("-e", environment(), "pull", "mochi")).toMatchObject({ status: 0 });
    const found = describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST]);
    const records = readRecords(root);
    rmSync(root, { recursive: true });
    renameSync(theirs, root);
    const expected = describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST]);
    // Spack's one-package installs include the compiler wrapper, which nothing runs with.
    const all = Object.keys(expected).filter((prefix) => !prefix.includes("compiler-wrapper"));
    expect(Object.keys(found).sort()).toEqual(all.sort());
    for (const prefix of all) expect(found[prefix]).toEqual(expected[prefix]);
    const theirRecords = readRecords(root);
    // Spack's database loses build specs when it is read and written again.
    const withoutBuildSpec = (all: Records, hash: string) => ({ ...all[hash]?.spec, build_spec: undefined });
    for (const hash of hashes)
      expect(withoutBuildSpec(records, hash)).toEqual(withoutBuildSpec(theirRecords, hash));
  });

  it("is pushed as by Spack, and its hash counts as unverifiable rather than wrong", async () => {
    const specs = hashes.map((hash) => `/${hash}`);
    const push = ["push", "--unsigned", "--update-index", "--without-build-dependencies"];
    await spack.do("buildcache", ...push, registry.location("theirs"), ...specs);
    expect(await spack.ours(...push, registry.location("ours"), ...specs)).toMatchObject({ status: 0 });
    const specsIn = async (repository: string) => {
      const tags = await packageTagsOf(open(repository));
      const configs = tags.map(
        async (tag) => [tag, (await configOf(open(repository), tag))["spec"]] as const,
      );
      return Object.fromEntries(await Promise.all(configs));
    };
    expect(await specsIn("ours")).toEqual(await specsIn("theirs"));
    for (const repository of ["theirs", "ours"]) {
      const run = await ours("check", "--deep", registry.location(repository));
      // The one that was spliced first has a hash that can be computed with the build spec in its layer.
      expect(run.stdout).toMatch(/\(unverifiable\): the DAG hash of thallium-lite\S+ cannot be checked/);
      expect(run.stdout).toMatch(/Errors: 0, warnings: 1,/);
      expect(run.status).toBe(0);
    }
  });
});
