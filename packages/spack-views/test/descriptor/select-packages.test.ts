// Packages are selected, ordered, hashed and placed as by Spack.

import { expect, it } from "vitest";
import { contentHash } from "../../src/descriptor/content-hash.js";
import { selectPackages, withoutOldRuntimes } from "../../src/descriptor/select-packages.js";
import type { ViewDescriptor } from "../../src/descriptor/view-descriptor.js";
import { ViewPlaces } from "../../src/merge/view-places.js";
import { descriptorCases, descriptorOf, samplePackages } from "../support/sample-environment.js";

const packages = samplePackages();
const isRuntime = ({ name }: { readonly name: string }) => name === "gcc-runtime";

it.each(descriptorCases.map((each) => [JSON.stringify(each.descriptor), each] as const))("%s", (_, each) => {
  const descriptor = descriptorOf(each);
  const nodes = withoutOldRuntimes(selectPackages(descriptor, packages), isRuntime);
  expect(nodes.map(({ hash }) => hash)).toEqual(each.specs);
  expect(contentHash(descriptor, { ...packages, nodes })).toBe(each.hash);
  const places = new ViewPlaces(descriptor.projections, packages.graph);
  for (const [hash, place] of Object.entries(each.places)) {
    const node = packages.graph.get(hash);
    expect(node && places.of(node)).toBe(place);
  }
});

it("leaves out packages that are not installed", () => {
  const isInstalled = ({ name }: { readonly name: string }) => name === "margo-lite";
  expect(selectPackages(everything(), { ...packages, isInstalled }).map(({ name }) => name)).toEqual([
    "margo-lite",
  ]);
});

it("keeps the newest of several runtime libraries, and all of other packages", () => {
  const selected = selectPackages(everything(), packages);
  const versions = (isTagged: boolean) =>
    withoutOldRuntimes(selected, ({ name }) => isTagged && name === "libfabric-lite")
      .filter(({ name }) => name === "libfabric-lite")
      .map(({ version }) => version);
  expect(versions(false).sort()).toEqual(["1.21.1", "1.22.0"]);
  expect(versions(true)).toEqual(["1.22.0"]);
});

function everything(): ViewDescriptor {
  const [first] = descriptorCases;
  if (first === undefined) throw new Error("no cases");
  return descriptorOf(first);
}
