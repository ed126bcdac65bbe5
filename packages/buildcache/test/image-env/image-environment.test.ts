// The environments of images equal those that Spack wrote into its own images, list by list.

import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { parseDatabase } from "@spack-oci/spack-store";
import { describe, expect, it } from "vitest";
import { executableModifications } from "../../src/image-env/executables.js";
import { imageEnvironment } from "../../src/image-env/image-environment.js";
import { inspectOnce } from "../../src/image-env/inspect-prefix.js";
import type { EnvironmentModification } from "../../src/image-env/modifications.js";

const fixtures = new URL("../../../../tests/fixtures/", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, fixtures), "utf8");

type Oracled = readonly [kind: "PrependPath" | "SetEnv", name: string, value: string, separator: string];

interface Prefixes {
  readonly specs: Readonly<Record<string, OracledSpec>>;
  readonly combinations: Readonly<Record<string, OracledRoots>>;
  readonly configurations: Readonly<Record<string, Readonly<Record<string, string[]>>>>;
}

interface OracledSpec {
  readonly prefix: string;
  readonly existing: readonly string[];
  readonly run_environment_modifications: readonly Oracled[];
}

interface OracledRoots {
  readonly roots: readonly string[];
  readonly run_environment_modifications: readonly Oracled[];
}

const prefixes = JSON.parse(read("oracles/env/prefixes.json")) as Prefixes;
const { graph } = parseDatabase(read("spack-1.2/producer/spack-db-index.json"), "the producer's database");
const directories = new Set(
  Object.values(prefixes.specs).flatMap(({ prefix, existing }) =>
    existing.map((directory) => posix.join(prefix, directory)),
  ),
);
const surroundings = {
  graph,
  prefixOf: ({ hash }: { readonly hash: string }) => prefixes.specs[hash]?.prefix,
  isDirectory: async (path: string) => directories.has(posix.join(path)),
};

/** The only package of the image `margo-only`. */
const margo = "cd2e4nf3k3sw2czder5ycghwcpmmvl4k";

/** The packages that an image is for. */
function rootsOf(tag: string): OracledRoots {
  const hash = tag === "margo-only" ? margo : (/-([a-z2-7]{32})\.spack$/.exec(tag)?.[1] ?? "");
  const spec = prefixes.specs[hash];
  const roots = spec === undefined ? prefixes.combinations[tag] : { ...spec, roots: [hash] };
  if (roots === undefined) throw new Error(`nothing is known of ${tag}`);
  return roots;
}

function modificationOf([kind, name, value, separator]: Oracled): EnvironmentModification {
  return { kind: kind === "SetEnv" ? "set" : "prepend-path", name, value, separator };
}

const busybox = ["PATH=/usr/local/bin:/usr/bin:/bin", "LITE_BASE=1", "WITH_EQ=a=b=c"];
const files: readonly [name: string, configuration: string, base: readonly string[]][] = [
  ["default", "default", []],
  ["with-base", "default", busybox],
  ["with-inspections", "with-inspections", []],
];

describe.each(files)("%s.json", (name, configuration, base) => {
  const { tags } = JSON.parse(read(`oracles/env/${name}.json`)) as {
    readonly tags: Readonly<Record<string, { readonly Env: readonly string[] }>>;
  };
  const inspections = new Map(Object.entries(prefixes.configurations[configuration] ?? {}));
  const inspect = inspectOnce(inspections, surroundings.isDirectory);

  it.each(Object.entries(tags))("%s", async (tag, { Env }) => {
    const { roots, run_environment_modifications: oracled } = rootsOf(tag);
    const request = { ...surroundings, roots, inspect, base };
    const runEnvironment = oracled.map(modificationOf);
    expect(await imageEnvironment({ ...request, runEnvironment })).toEqual(Env);
    // This oracle has everything except for the variables that recipes set.
    const recipes = new Set(
      oracled.map(([, variable]) => variable).filter((variable) => variable !== "PATH"),
    );
    const native = Env.filter((entry) => !recipes.has(entry.slice(0, entry.indexOf("="))));
    expect(await imageEnvironment(request)).toEqual(native);
  });
});

describe("modifications that Spack makes regardless of recipes", () => {
  const all = [
    ...Object.entries(prefixes.specs).map(([hash, spec]) => ({ ...spec, roots: [hash] })),
    ...Object.values(prefixes.combinations),
  ];

  it.each(all)("of $roots", async ({ roots, run_environment_modifications: oracled }) => {
    const { prefixOf, isDirectory } = surroundings;
    const found = await executableModifications({ graph, roots, prefixOf, isDirectory });
    const onPath = oracled.filter(([, variable]) => variable === "PATH").map(modificationOf);
    expect(found.map(({ value }) => value)).toEqual(onPath.map(({ value }) => value));
  });
});
