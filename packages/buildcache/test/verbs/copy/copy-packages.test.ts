// Copies between mirrors of different kinds, with a source and a sink that only take notes.

import { Readable } from "node:stream";
import { SpackOciError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";
import { beforeEach, expect, it } from "vitest";
import { packageTag } from "../../../src/package-image/tags.js";
import type { PackageSink, PackageSource } from "../../../src/sources/package-source.js";
import { copyPackages } from "../../../src/verbs/copy/copy-packages.js";
import type { CopyRequest } from "../../../src/verbs/copy/copy-request.js";
import { graphOf, hashOf, node } from "../../support/nodes.js";
import { type RecordedRun, recordedRun } from "../../support/run.js";

const nodes = [node("zlib"), node("cmake"), node("app", ["zlib", "cmake:build"])];
const graph = graphOf(...nodes);

let run: RecordedRun;
let steps: string[];
beforeEach(() => {
  run = recordedRun();
  steps = [];
});

interface Faults {
  readonly available?: readonly string[];
  readonly existing?: readonly string[];
  readonly signed?: readonly string[];
  readonly broken?: readonly string[];
}

function copyApp(
  { available = ["zlib", "cmake", "app"], existing = [], signed = [], broken = [] }: Faults,
  request: Partial<CopyRequest> = {},
) {
  const source: PackageSource = {
    name: "the source",
    choose: async () => ({
      graph,
      packages: nodes.filter(({ name }) => available.includes(name)),
      roots: [hashOf("app")],
    }),
    async read(_graph, root) {
      steps.push(`read ${root.name}`);
      if (broken.includes(root.name)) throw new SpackOciError("ERR_X", "broken", { kind: "corrupt" });
      return {
        document: { root, graph },
        archive: { mediaType: "", digest: "sha256:0", size: 7 },
        place: root.name,
        isUnverified: signed.includes(root.name),
        open: async () => Readable.from([]),
      };
    },
  };
  const sink: PackageSink = {
    name: "the sink",
    existing:
      async () =>
      (_graph, { name }) =>
        existing.includes(name),
    open: async () => ({
      dependenciesOf: ({ dependencies }: SpecNode) => dependencies.map(({ hash }) => hash),
      send: async ({ name }) => void steps.push(`send ${name}`),
      publish: async ({ name }) => void steps.push(`publish ${name}`),
      updateIndex: async () => {
        steps.push("index");
        return { outcome: "written", specs: 1, added: [], removed: [], skipped: [] };
      },
    }),
  };
  return copyPackages({ source, sink }, { specs: ["app"], to: [], ...request }, run);
}

it("publishes dependencies first, and updates the index last", async () => {
  const { tags, index } = await copyApp({});
  expect(tags.map(({ outcome }) => outcome)).toEqual(["copied", "copied", "copied"]);
  expect(tags.at(-1)).toMatchObject({ tag: packageTag(node("app")), bytes: 7 });
  const published = steps.filter((step) => step.startsWith("publish"));
  expect(published.at(-1)).toBe("publish app");
  expect(steps.at(-1)).toBe("index");
  for (const { name } of nodes)
    expect(steps.indexOf(`send ${name}`)).toBeGreaterThan(steps.indexOf(`read ${name}`));
  expect(index).toMatchObject({ outcome: "written" });
});

it("leaves out packages that the sink has", async () => {
  const { present, planned } = await copyApp({ existing: ["zlib"] });
  expect(present).toEqual([packageTag(node("zlib"))]);
  expect(planned).toEqual([packageTag(node("cmake")), packageTag(node("app"))]);
  expect(steps).not.toContain("read zlib");
});

it("warns about missing run-time dependencies, but not about build dependencies", async () => {
  const { absent } = await copyApp({ available: ["app"] });
  expect(absent.map(({ name }) => name)).toEqual(["zlib"]);
  expect(run.warnings()).toEqual([
    "zlib@1/zlibaaa is not in the source; packages that depend on it are copied without it.",
  ]);
});

it("reports a broken package, and copies its dependents without it", async () => {
  const { tags } = await copyApp({ broken: ["zlib"] });
  const outcomes = Object.fromEntries(tags.map(({ tag, outcome }) => [tag.split("-")[0], outcome]));
  expect(outcomes).toEqual({ zlib: "failed", cmake: "copied", app: "copied" });
  expect(steps).toContain("publish app");
  expect(steps.at(-1)).toBe("index");
});

it("names packages whose signatures were ignored", async () => {
  const { unverified } = await copyApp({ signed: ["zlib", "app"] });
  expect([...unverified].sort()).toEqual([packageTag(node("app")), packageTag(node("zlib"))]);
  expect(run.warnings()).toEqual(["2 packages are signed; their signatures were not verified."]);
});

it("reads and writes nothing in a dry run", async () => {
  const { planned, tags, index } = await copyApp({}, { dryRun: true });
  expect(planned).toHaveLength(3);
  expect({ tags, index, steps }).toEqual({ tags: [], index: undefined, steps: [] });
});
