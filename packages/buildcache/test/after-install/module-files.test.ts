// Module files of the sample store are those that Spack wrote, without a Spack; what needs one is reported.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SpackOciError } from "@spack-oci/errors";
import { openSpackInstance } from "@spack-oci/spack-config";
import { postOrder, type SpecNode } from "@spack-oci/spack-spec";
import { openStore, packagePermissions, readInstallDatabase } from "@spack-oci/spack-store";
import { beforeAll, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../../../scripts/sample-store.mjs";
import {
  keptPart,
  MODULE_CONFIGURATIONS,
  modulesYaml,
  readModuleTree,
} from "../../../../tests/support/module-configurations.js";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { spackPlace } from "../../../../tests/support/spack-instance.js";
import { writeModuleFiles } from "../../src/after-install/module-files.js";
import { configuredModules } from "../../src/destination/module-configuration.js";
import type { RunPython } from "../../src/recipe-env/spack-query.js";

interface Oracle {
  readonly explicit: readonly string[];
  readonly sets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const file = new URL("../../../../tests/fixtures/oracles/modules.json", import.meta.url);
const oracle = JSON.parse(readFileSync(file, "utf8")) as Oracle;
const stubs = fileURLToPath(
  new URL("../../../../tests/interop/support/recipes/spack_repo/builtin", import.meta.url),
);
const withoutSpack: RunPython = async () => {
  throw new SpackOciError("ERR_SPACK_RUN", "Could not run Spack: no python.", { kind: "failed" });
};

/** Writes the module files of the sample store, and returns the warnings. */
async function write(modules: string, runPython: RunPython) {
  const place = spackPlace();
  const scope = place.scope({ "modules.yaml": modules, "repos.yaml": `repos:: { builtin: ${stubs} }\n` });
  const instance = openSpackInstance({
    spackRoot: place.root,
    configScopes: [scope],
    env: place.variables,
    withoutEnvironment: true,
  });
  const configuration = configuredModules(instance, runPython);
  if (configuration === undefined) throw new Error("no module system is enabled");
  const store = await openStore(extractSampleStore());
  const { records } = await readInstallDatabase(store);
  const graph = new Map([...records].map(([hash, { spec }]) => [hash, spec]));
  const own = [...graph.values()].filter(({ external }) => external === undefined);
  const warnings: string[] = [];
  const files = await writeModuleFiles({
    configuration,
    graph,
    installed: postOrder(
      graph,
      own.map(({ hash }) => hash),
      { deptypes: ["link", "run"] },
    ),
    prefixOf: (node: SpecNode) => records.get(node.hash)?.path ?? node.external?.path ?? "",
    isExplicit: ({ hash }) => oracle.explicit.includes(hash),
    permissionsOf: async () => packagePermissions(),
    run: {
      listener: (event) => {
        if (event.type === "warning") warnings.push(event.message);
      },
    },
  });
  return { files, warnings, root: store.root };
}

describe("without Spack", () => {
  const trees = join(scratchDirectory("modules"), "trees");
  let root = "";
  let warnings: readonly string[] = [];
  beforeAll(async () => {
    ({ root, warnings } = await write(modulesYaml(trees), withoutSpack));
  }, 120_000);

  it.each(MODULE_CONFIGURATIONS.map(({ title, system, set }) => [system, title, set] as const))(
    "%s: %s",
    (_system, _title, set) => {
      const expected = oracle.sets[set] ?? {};
      expect(Object.keys(expected)).not.toHaveLength(0);
      expect(keptPart(readModuleTree(join(trees, set)), { root, trees })).toEqual(expected);
    },
  );

  it("says what is missing, and what to run", () => {
    const [lacking = ""] = warnings.filter((warning) => warning.includes("lack what recipes add"));
    expect(lacking).toContain("bedrock-lite@0.5.3/");
    expect(lacking).toContain('"spack module lmod refresh --name set-12 -y /');
  });
});

describe("with a template of the site", () => {
  const place = scratchDirectory("templates");
  mkdirSync(join(place, "templates/modules"), { recursive: true });
  writeFileSync(join(place, "templates/modules/modulefile.tcl"), "own\n");

  it("leaves every file to Spack", async () => {
    const asked: string[] = [];
    const run: RunPython = async (_program, input) => {
      asked.push(input);
      const items = JSON.parse(input) as { hash: string }[];
      return JSON.stringify(items.map(({ hash }) => ({ outcome: "written", path: `/m/${hash}` })));
    };
    const yaml = `modules: { default: { enable: [ tcl ], tcl: { all: { template: own.tcl }, include: [ glibc ], exclude: [ "@0:" ] } } }\n`;
    const { files, warnings } = await write(yaml, run);
    expect(files.map(({ package: { name }, path }) => [name, path])).toEqual([
      ["glibc", expect.stringMatching(/^\/m\//)],
    ]);
    expect(asked).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it("writes nothing if Spack fails", async () => {
    const yaml = `modules: { default: { enable: [ tcl ], tcl: { all: { template: own.tcl } } } }\n`;
    const { files, warnings } = await write(yaml, withoutSpack);
    expect(files).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^Only Spack can write the module files of .* but it could not run: .*Run "spack module tcl refresh -y \//,
      ),
    ]);
  });
});
