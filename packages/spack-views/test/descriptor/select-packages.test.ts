// Packages are selected, ordered, hashed and placed as by Spack.

import { expect, it } from "vitest";
import { contentHash } from "../../src/descriptor/content-hash.js";
import { selectPackages } from "../../src/descriptor/select-packages.js";
import { ViewPlaces } from "../../src/merge/view-places.js";
import { descriptorCases, descriptorOf, samplePackages } from "../support/sample-environment.js";

const packages = samplePackages();
const isRuntime = ({ name }: { readonly name: string }) => name === "gcc-runtime";

it.each(descriptorCases.map((each) => [JSON.stringify(each.descriptor), each] as const))("%s", (_, each) => {
  const descriptor = descriptorOf(each);
  const nodes = selectPackages(descriptor, packages, isRuntime);
  expect(nodes.map(({ hash }) => hash)).toEqual(each.specs);
  expect(contentHash(descriptor, { ...packages, nodes })).toBe(each.hash);
  const places = new ViewPlaces(descriptor.projections, packages.graph);
  for (const [hash, place] of Object.entries(each.places)) {
    const node = packages.graph.get(hash);
    expect(node && places.of(node)).toBe(place);
  }
});

it("leaves out packages that are not installed", () => {
  const [first] = descriptorCases;
  if (first === undefined) throw new Error("no cases");
  const nodes = selectPackages(
    descriptorOf(first),
    { ...packages, isInstalled: ({ name }) => name === "margo-lite" },
    isRuntime,
  );
  expect(nodes.map(({ name }) => name)).toEqual(["margo-lite"]);
});

it("keeps the newest of several runtime libraries, and all of other packages", () => {
  const [first] = descriptorCases;
  if (first === undefined) throw new Error("no cases");
  const versions = (isTagged: boolean) =>
    selectPackages(descriptorOf(first), packages, ({ name }) => isTagged && name === "libfabric-lite")
      .filter(({ name }) => name === "libfabric-lite")
      .map(({ version }) => version);
  expect(versions(false).sort()).toEqual(["1.21.1", "1.22.0"]);
  expect(versions(true)).toEqual(["1.22.0"]);
});
