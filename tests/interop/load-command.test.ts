// `spack-oci env` prints what `spack load` and `spack unload` print, and both lead to the same environment.

import { spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it, vi } from "vitest";
import { buildCommand, runShell } from "../support/command-process.js";
import { fixture } from "../support/fixtures.js";
import { readRecords } from "./support/database.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";

// Some tests run Spack for every package.
vi.setConfig({ testTimeout: 300_000 });

describeWithSpack("spack-oci env", () => {
  let root: string;
  let spack: Spack;
  let hashes: readonly string[];

  beforeAll(async () => {
    buildCommand();
    root = shortRoot();
    spack = await Spack.create({ root });
    Object.assign(spack.variables, {
      MANPATH: "/opt/man",
      CMAKE_PREFIX_PATH: "/a b::/c/../d/",
      SPACK_PYTHON: realPython(),
    });
    const { status, stderr } = await spack.ours("pull", `oci-layout:${fixture("oci-layout-main")}`);
    expect(status, stderr).toBe(0);
    hashes = Object.keys(readRecords(root));
    expect(hashes.length).toBeGreaterThan(20);
  }, 300_000);

  /** Both are run with the same arguments after their own command. */
  async function expectSame(theirs: readonly string[], ours: readonly string[]) {
    const expected = await spack.run(...theirs);
    const found = await spack.ours(...ours);
    expect(found.stdout, found.stderr).toBe(expected.stdout);
    expect(found.status === 0).toBe(expected.status === 0);
    return { ours: found, theirs: expected };
  }

  it("prints the same for every package of the sample store, externals included", async () => {
    for (const hash of hashes) {
      const { ours } = await expectSame(["load", "--sh", `/${hash}`], ["env", `/${hash}`]);
      expect(ours.stdout).toContain(hash);
    }
  });

  it.each(["--csh", "--fish", "--sh"])("prints the same with %s for several packages", async (shell) => {
    const specs = ["bedrock-lite", "tricky-names", "interp-lite"];
    const { ours } = await expectSame(["load", shell, ...specs], ["env", shell, ...specs]);
    expect(ours.stdout).toContain("BEDROCK_HOME");
  });

  it.each([
    ["a package that is not installed", ["zlib-lite"]],
    ["several matches", ["argobots-lite"]],
    ["the first of several matches", ["--first", "argobots-lite"]],
    ["a constraint on a dependency", ["mercury-lite ^libfabric-lite@1.22"]],
  ])("agrees about %s", async (_, args) => {
    await expectSame(["load", "--sh", ...args], ["env", "--sh", ...args]);
  });

  it("only takes packages of the active environment", async () => {
    const active = ["-e", spack.environment];
    for (const spec of ["bedrock-lite", "argobots-lite@1.2", "gcc"]) {
      await expectSame([...active, "load", "--sh", spec], [...active, "env", spec]);
    }
  });

  it("follows the configured prefix inspections", async () => {
    const setting = ["-c", "modules:prefix_inspections:{share: [SHARED, OTHER], ./lib: [LIBS]}"];
    await expectSame([...setting, "load", "--sh", "bedrock-lite"], [...setting, "env", "bedrock-lite"]);
  });

  it("leads to the same environment, and back again", async () => {
    const script = (load: string, unload: string) => `
      set -e
      states() { env -0 | sort -z | tr '\\0\\n' '\\n;' | grep -v '^\\(_\\|SHLVL\\|PWD\\|SPACK_OCI\\)='; echo ---; }
      eval "$(${load} bedrock-lite)"; states
      eval "$(${load} tricky-lite libfabric-lite@1.22.0)"; states
      eval "$(${unload} bedrock-lite)"; states
      eval "$(${unload})"; states`;
    const theirs = spack.program.join(" ");
    const ours = `$SPACK_OCI ${spack.surroundings.join(" ")}`;
    const expected = await runShell(script(`${theirs} load --sh`, `${theirs} unload --sh`), spack.variables);
    const found = await runShell(script(`${ours} env`, `${ours} env --unload`), spack.variables);
    expect(expected.stdout.split("---")).toHaveLength(5);
    expect(found.stdout, found.stderr).toBe(expected.stdout);
    const [, loaded = "", , left = ""] = found.stdout.split("---");
    expect(loaded).toContain("BEDROCK_HOME=");
    expect(left).not.toContain("BEDROCK_HOME=");
  });

  it("refuses to unload what is not loaded, as Spack does", async () => {
    await expectSame(["unload", "--sh", "bedrock-lite"], ["env", "--unload", "bedrock-lite"]);
  });

  it("has Spack run recipes that are more than plain statements", async () => {
    const recipe = join(spack.recipes, "mochi_lite/packages/data_lite/package.py");
    appendFileSync(
      recipe,
      `
    def setup_run_environment(self, env):
        for name in ("ONE", "TWO"):
            env.append_path(name, self.prefix, separator="!")
        env.append_flags("FLAGS", "-a b")
        env.prune_duplicate_paths("PATH")
        env.deprioritize_system_paths("PATH")
        env.remove_path("CMAKE_PREFIX_PATH", "/d")
        env.set_path("LIST", ["/x", "/y"])

    def setup_dependent_run_environment(self, env, dependent_spec):
        env.set("OF_" + dependent_spec.name.upper().replace("-", "_"), "it's")
`,
    );
    const { ours } = await expectSame(["load", "--sh", "bedrock-lite"], ["env", "bedrock-lite"]);
    expect(ours.stdout).toContain("OF_BEDROCK_LITE");
    expect(ours.stdout).toContain("FLAGS='-a b'");
    const kept = await spack.ours("env", "bedrock-lite", "--root", root);
    expect(kept.stdout).toBe(ours.stdout);
  });

  it("reads plain statements without running Spack", async () => {
    const recipe = join(spack.recipes, "mochi_lite/packages/tricky_lite/package.py");
    appendFileSync(
      recipe,
      `
    def setup_run_environment(self, env: EnvironmentModifications) -> None:
        """Plain."""
        bin = self.spec.prefix.bin
        env.set("PLAIN", f"{self.prefix}/x:{bin}")
        env.set("JOINED", join_path(bin, "a", "b"))
        if self.spec.satisfies("@2:"):
            env.prepend_path("SINCE_TWO", os.path.join(self.prefix.share, "x"), separator=";")
        else:
            env.unset("HOME")
        if "+nothing" not in self.spec:
            env.append_flags("WITHOUT", "-x")
        env.append_path("WITHOUT", self.prefix.lib.join("y").z)
`,
    );
    const before = { ...spack.variables };
    const { ours } = await expectSame(["load", "--sh", "tricky-lite"], ["env", "tricky-lite"]);
    expect(ours.stdout).toContain("SINCE_TWO");
    // A Spack that cannot start would fail.
    spack.variables["SPACK_PYTHON"] = "/nonexistent/python3";
    const without = await spack.ours("env", "tricky-lite");
    Object.assign(spack.variables, before);
    expect(without.stdout, without.stderr).toBe(ours.stdout);
  });
});

/** Wrappers such as those of pyenv change PATH before Spack reads it. */
function realPython(): string {
  const python = process.env["SPACK_TEST_PYTHON"] ?? "python3";
  return spawnSync(python, ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).stdout.trim();
}
