// Recipes in layers and prefixes of a real Spack.

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Descriptor, ImageLayout } from "@spack-oci/oci-client";
import { beforeAll, expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { pushSynthetic } from "../../../../tests/support/synthetic-buildcache.js";
import { readRecipeInLayer, readRecipeInPrefix } from "../../src/bills/read-recipe.js";
import { type PackageImage, readPackageImage } from "../../src/package-image/read-image.js";
import { fixtureLayout, fixtureTag } from "../support/image.js";

let image: PackageImage;
beforeAll(async () => {
  image = await readPackageImage(fixtureLayout, await fixtureTag("argobots-lite-1.2"));
});

const scratch = scratchDirectory("recipes");

it("is in a layer, where Spack keeps it", async () => {
  const options = { node: image.document.root, signal: undefined };
  const text = await readRecipeInLayer(fixtureLayout, image.layer.descriptor, options);
  expect(text).toContain("class ArgobotsLite");
  expect(text).toContain('license("mpich2")');
});

it.each(["spack_repo/mochi_lite/packages/argobots_lite", "mochi_lite/packages/argobots-lite"])(
  "is in a prefix, in %s",
  async (folder) => {
    const prefix = join(scratch, folder.replaceAll("/", "-"));
    mkdirSync(join(prefix, ".spack/repos", folder), { recursive: true });
    writeFileSync(join(prefix, ".spack/repos", folder, "package.py"), "class ArgobotsLite: pass");
    expect(await readRecipeInPrefix(prefix, image.document.root)).toBe("class ArgobotsLite: pass");
  },
);

it("is undefined if there is none", async () => {
  const node = { ...image.document.root, name: "other" };
  expect(await readRecipeInPrefix(scratch, node)).toBeUndefined();
  const options = { node, signal: undefined };
  expect(await readRecipeInLayer(fixtureLayout, image.layer.descriptor, options)).toBeUndefined();
});

it("reads only the start of a large layer", async () => {
  const layout = new ImageLayout(join(scratch, "layout"));
  const files = {
    ".spack/repos/spack_repo/builtin/packages/large/package.py": "class Large: pass",
    "lib/large": randomBytes(6_000_000).toString("base64"),
  };
  const pushed = await pushSynthetic(layout, [{ name: "large", files }]);
  const { layer, document } = await readPackageImage(layout, pushed.get("large")?.tag ?? "");
  let read = 0;
  const onBytes = (count: number) => {
    read += count;
  };
  const fetch = (what: Descriptor) => layout.fetch(what, { onBytes });
  const counting = Object.assign(Object.create(layout) as ImageLayout, { fetch });
  const options = { node: document.root, signal: undefined };
  expect(await readRecipeInLayer(counting, layer.descriptor, options)).toBe("class Large: pass");
  expect(read).toBeLessThan(layer.descriptor.size / 2);
});
