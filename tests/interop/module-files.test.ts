// Module files for the sample store are the same as Spack's, in many configurations.

import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";
import { COMMON_CONFIGURATIONS, LMOD_CONFIGURATIONS } from "./support/module-configurations.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";

interface Configuration {
  readonly title: string;
  readonly system: "tcl" | "lmod";
  readonly set: string;
  readonly text: string;
}

const CONFIGURATIONS: readonly Configuration[] = [
  ...Object.entries(COMMON_CONFIGURATIONS).map(([title, text]) => ({ title, system: "tcl" as const, text })),
  ...Object.entries({ ...COMMON_CONFIGURATIONS, ...LMOD_CONFIGURATIONS }).map(([title, text]) => ({
    title,
    system: "lmod" as const,
    text,
  })),
].map((configuration, index) => ({ ...configuration, set: index === 0 ? "default" : `set-${index}` }));

/** Runs Spack's own hook for every installed package, dependencies first. */
const HOOK = `
import spack.hooks.module_file_generation as hook, spack.store, spack.traverse
records = [s for s in spack.store.STORE.db.query_local(installed=True) if not s.external]
for spec in spack.traverse.traverse_nodes(records, order="post", deptype=("link", "run")):
    hook.post_install(spec, bool(spec._installed_explicitly()))
`;

describeWithSpack("module files", () => {
  const root = shortRoot();
  const place = scratchDirectory("modules");
  const trees = join(place, "trees");
  let warnings = "";

  beforeAll(async () => {
    const scope = join(place, "scope");
    mkdirSync(scope);
    writeFileSync(join(scope, "modules.yaml"), modulesYaml(trees));
    writeFileSync(join(place, "hook.py"), HOOK);
    const spack = await Spack.create({ root });
    const run = await spack.ours("-C", scope, "pull", `oci-layout:${fixture("oci-layout-main")}`);
    expect(run.status, run.stderr).toBe(0);
    warnings = run.stderr;
    renameSync(trees, join(place, "found"));
    await spack.do("-C", scope, "python", join(place, "hook.py"));
    renameSync(trees, join(place, "expected"));
  }, 300_000);

  it.each(CONFIGURATIONS.map(({ title, system, set }) => [system, title, set] as const))(
    "%s: %s",
    (_system, _title, set) => {
      const expected = readTree(join(place, "expected", set));
      expect(Object.keys(expected).length).toBeGreaterThan(5);
      expect(readTree(join(place, "found", set))).toEqual(expected);
    },
  );

  it("needs Spack only for what recipes add", () => {
    console.log(warnings);
  });
});

/** Every configuration as a set with its own root. */
function modulesYaml(trees: string): string {
  const sets = CONFIGURATIONS.map(({ system, set, text }) => {
    const lines = text.replaceAll("SYSTEM", system).trimEnd();
    const own = lines.trim() === "{}" ? "" : lines;
    const core = system === "lmod" && !text.includes("core_compilers") ? "      core_compilers: [ gcc@12.2.0 ]\n" : "";
    const withCore = own.includes(`\n    ${system}:\n`)
      ? own.replace(`\n    ${system}:\n`, `\n    ${system}:\n${core}`)
      : `${own}\n${core === "" ? "" : `    ${system}:\n${core}`}`;
    return `  ${set}:\n    enable: [ ${system} ]\n    roots: { ${system}: ${trees}/${set} }${withCore}\n`;
  });
  return `modules:\n${sets.join("")}`;
}

/** Every entry below a directory: files with their modes and texts, links with their targets. */
function readTree(directory: string): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(directory, path);
    if (entry.isSymbolicLink()) tree[name] = `-> ${readlinkSync(path)}`;
    else if (entry.isFile()) tree[name] = `${modeOf(path)} ${withoutTime(readFileSync(path, "utf8"))}`;
    else tree[name] = modeOf(path);
  }
  return tree;
}

function modeOf(path: string): string {
  return (lstatSync(path).mode & 0o7777).toString(8);
}

function withoutTime(text: string): string {
  return text.replace(/ on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?$/m, " on TIME");
}
