// Spack installs spack-oci by its recipe, from the package as it is published.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { gatherRecipes } from "../interop/support/recipes.js";
import { fixture } from "../support/fixtures.js";
import { packPackages } from "../support/packed-packages.js";
import { scratchDirectory } from "../support/scratch.js";

const checkout = process.env["SPACK_TEST_ROOT"];
const python = process.env["SPACK_TEST_PYTHON"] ?? "python3";
const hasConcretizer = spawnSync(python, ["-c", "import clingo"]).status === 0;
const reason =
  checkout === undefined
    ? "SPACK_TEST_ROOT does not name a Spack (CONTRIBUTING.md)"
    : hasConcretizer
      ? undefined
      : `${python} has no module clingo`;
if (reason !== undefined) console.log(`spack-recipe.test.ts: skipped, because ${reason}`);

const repository = fileURLToPath(new URL("../..", import.meta.url));
const home = scratchDirectory("recipe");

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: home,
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      // npm's cache.
      npm_config_cache: process.env["npm_config_cache"] ?? join(process.env["HOME"] ?? "", ".npm"),
      SPACK_DISABLE_LOCAL_CONFIG: "1",
      SPACK_USER_CACHE_PATH: join(home, "user-cache"),
      SPACK_USER_CONFIG_PATH: join(home, "user-config"),
      SPACK_PYTHON: python,
    },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

const spack = (...args: string[]) =>
  run(join(checkout ?? "", "bin", "spack"), "-C", join(home, "scope"), "--color=never", ...args);

/** The scope of a Spack that knows a compiler, this Node, and the recipe. */
function writeScope(): void {
  const sections = {
    config: `config:
  install_tree: { root: ${home}/opt }
  build_stage: [${home}/stage]
  source_cache: ${home}/source-cache
  misc_cache: ${home}/misc-cache
`,
    repos: `repos::
  spack_oci: ${home}/spack_repo/spack_oci
  builtin: ${home}/spack_repo/builtin
`,
    packages: `packages:
  gcc:
    externals:
    - spec: gcc@12.2.0 languages:='c,c++'
      prefix: /usr
      extra_attributes: { compilers: { c: /usr/bin/gcc, cxx: /usr/bin/g++ } }
  node-js:
    buildable: false
    externals:
    - spec: node-js@${process.versions.node}
      prefix: ${dirname(dirname(process.execPath))}
`,
    bootstrap: "bootstrap: { enable: false }\n",
    mirrors: "mirrors:: {}\n",
  };
  mkdirSync(join(home, "scope"));
  for (const [name, text] of Object.entries(sections))
    writeFileSync(join(home, "scope", `${name}.yaml`), text);
}

describe.skipIf(reason !== undefined)("the Spack recipe", () => {
  beforeAll(async () => {
    const tarball = packPackages(join(home, "packed")).get("cli") ?? "";
    run(
      process.execPath,
      join(repository, "scripts", "spack-recipe.mjs"),
      tarball,
      home,
      "--url",
      `file://${tarball}`,
    );
    await gatherRecipes(home);
    // The native code comes from npm's registry with npm, because a Spack in a test has no network.
    const recipe = join(home, "spack_repo/spack_oci/packages/spack_oci/package.py");
    const text = readFileSync(recipe, "utf8");
    const architecture = process.arch === "arm64" ? "arm64" : "x64";
    const native = new RegExp(`"(https://[^"]+/koffi-linux-${architecture}-([\\d.]+)\\.tgz)"`);
    const [, url = "", version = ""] = native.exec(text) ?? [];
    const packed = run(
      "npm",
      "pack",
      "--silent",
      "--prefer-offline",
      `@koromix/koffi-linux-${architecture}@${version}`,
    );
    writeFileSync(recipe, text.replace(url, `file://${join(home, packed.trim())}`));
    writeScope();
  }, 300_000);

  it("describes the package", () => {
    const { version } = JSON.parse(readFileSync(join(repository, "packages/cli/package.json"), "utf8"));
    const info = spack("info", "--all", "spack-oci");
    expect(info).toContain("Push, pull and copy Spack packages");
    expect(info).toContain(version);
    expect(info).toMatch(/node-js@20\.19:/);
  }, 120_000);

  it("installs a command that runs, with native code for locks", () => {
    spack("install", "spack-oci");
    const prefix = spack("location", "--install-dir", "spack-oci").trim();
    const command = join(prefix, "bin", "spack-oci");
    const layout = `oci-layout:${fixture("oci-layout-main")}`;
    // Without Node on PATH.
    const { status, stderr } = spawnSync(
      command,
      ["pull", "--allarch", layout, "json-c-lite", "--root", `${home}/r`],
      { encoding: "utf8", env: { HOME: home, PATH: "/nonexistent" } },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringMatching(/warning: .*lock/) });
  }, 300_000);
});
