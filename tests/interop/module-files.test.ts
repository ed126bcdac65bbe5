// Module files for the sample store are the same as Spack's, in many configurations.

import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { fixture } from "../support/fixtures.js";
import {
  keptPart,
  MODULE_CONFIGURATIONS,
  modulesYaml,
  readModuleTree,
} from "../support/module-configurations.js";
import { scratchDirectory } from "../support/scratch.js";
import { readRecords } from "./support/database.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";

/**
 * Runs Spack's own hook for every installed package, dependencies first. The first of two packages with the same module
 * file keeps it, and Spack installs them in any order: the packages whose hashes are given come before others.
 */
const HOOK = `
import sys
import spack.hooks.module_file_generation as hook, spack.store, spack.traverse
records = [s for s in spack.store.STORE.db.query_local(installed=True) if not s.external]
records.sort(key=lambda s: s.dag_hash() not in sys.argv)
for spec in spack.traverse.traverse_nodes(records, order="post", deptype=("link", "run")):
    hook.post_install(spec, bool(spec._installed_explicitly()))
`;

/** The packages whose recipes add to run environments. */
const WITH_RECIPES = ["bedrock-lite"];

describeWithSpack("module files", () => {
  const root = shortRoot();
  const place = scratchDirectory("modules");
  const trees = join(place, "trees");
  const source = `oci-layout:${fixture("oci-layout-main")}`;
  let spack: Spack;
  let found: { moduleFiles: { name: string; hash: string; set: string }[] };
  let warnings = "";

  beforeAll(async () => {
    const scope = join(place, "scope");
    mkdirSync(scope);
    writeFileSync(join(scope, "modules.yaml"), modulesYaml(trees));
    writeFileSync(join(place, "hook.py"), HOOK);
    spack = await Spack.create({ root });
    const run = await spack.ours("-C", scope, "pull", source, "--allarch", "--json");
    expect(run.status, run.stderr).toBe(0);
    found = run.json();
    warnings = run.stderr;
    renameSync(trees, join(place, "found"));
    const first = found.moduleFiles.filter(({ set }) => set === "default").map(({ hash }) => hash);
    await spack.do("-C", scope, "python", join(place, "hook.py"), ...first);
    renameSync(trees, join(place, "expected"));
  }, 300_000);

  it.each(MODULE_CONFIGURATIONS.map(({ title, system, set }) => [system, title, set] as const))(
    "%s: %s",
    (_system, _title, set) => {
      const expected = readModuleTree(join(place, "expected", set));
      expect(Object.keys(expected).length).toBeGreaterThan(5);
      expect(readModuleTree(join(place, "found", set))).toEqual(expected);
    },
  );

  it("reports the files, and those that exist", () => {
    const inDefault = found.moduleFiles.filter(({ set }) => set === "default");
    expect(new Set(inDefault.map(({ name }) => name))).toHaveProperty("size", 18);
    expect(warnings).toContain("Module files exist and were not overwritten: mercury-lite@2.4.0/");
  });

  it("made the fixture that is tested without Spack", async () => {
    const records = readRecords(root);
    const explicit = Object.keys(records).filter((hash) => records[hash]?.["explicit"] === true);
    const sets = MODULE_CONFIGURATIONS.map(({ set }): [string, unknown] => [
      set,
      keptPart(readModuleTree(join(place, "expected", set)), { root, trees }),
    ]);
    const text = JSON.stringify({ explicit: explicit.sort(), sets: Object.fromEntries(sets) }, undefined, 1);
    await expect(text).toMatchFileSnapshot("../fixtures/oracles/modules.json");
  });

  it("writes what an install by Spack writes, with everything it lists", async () => {
    const other = shortRoot();
    const scope = join(place, "default-scope");
    const modules = join(place, "default-modules");
    mkdirSync(scope);
    const yaml = `modules:
  default:
    enable: [ tcl, lmod ]
    roots: { tcl: ${modules}/tcl, lmod: ${modules}/lmod }
    tcl: { hide_implicits: true }
    lmod: { core_compilers: [ gcc@12.2.0 ], hide_implicits: true }
`;
    writeFileSync(join(scope, "modules.yaml"), yaml);
    const reader = await Spack.create({ root: other });
    const run = await reader.ours("-C", scope, "-e", reader.environment, "pull", source);
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toContain("Wrote 38 module files.");
    const ours = readModuleTree(modules);
    renameSync(modules, `${modules}-found`);
    await reader.do("-C", scope, "python", join(place, "hook.py"));
    expect(ours).toEqual(readModuleTree(modules));
  }, 300_000);

  it("writes everything but what recipes add if Spack cannot run", async () => {
    const other = shortRoot();
    const scope = join(place, "poor-scope");
    mkdirSync(scope);
    writeFileSync(
      join(scope, "modules.yaml"),
      `modules: { default: { enable: [ tcl ], roots: { tcl: ${place}/poor } } }\n`,
    );
    const poor = await Spack.create({ root: other });
    Object.assign(poor.variables, { PATH: "/nonexistent", SPACK_PYTHON: undefined });
    const run = await poor.ours("-C", scope, "pull", source, "bedrock-lite", "--allarch");
    expect(run.status, run.stderr).toBe(0);
    const lacking = run.stderr.split("\n").find((line) => line.includes("lack what recipes add")) ?? "";
    for (const name of WITH_RECIPES) expect(lacking).toContain(`${name}@`);
    expect(lacking).toMatch(/Run "spack module tcl refresh -y \/[a-z0-9]{7}"\.$/);
    const tree = readModuleTree(join(place, "poor"));
    const [, text = ""] = Object.entries(tree).find(([name]) => name.includes("bedrock-lite/0")) ?? [];
    expect(text).toContain("prepend-path CMAKE_PREFIX_PATH");
    expect(text).not.toContain("BEDROCK_HOME");
  }, 300_000);
});
