// The pictures of a site that README and docs show, taken from a made-up mirror. `npm run pictures` takes them again.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, openPage, takePicture, visit } from "../support/browser.js";
import { repository } from "../support/documentation.js";
import { scratchDirectory } from "../support/scratch.js";
import { writeTestSite } from "../support/site.js";
import { syntheticCatalog } from "../support/synthetic-catalog.js";

const LARGEST = 150_000;
const PICTURES = [
  {
    name: "site-packages.webp",
    address: `#/packages?filter=${encodeURIComponent("+mpi %gcc@13 ^hdf5")}`,
    scheme: "light",
  },
  { name: "site-space.webp", address: "#/space", scheme: "dark" },
] as const;

const directory = scratchDirectory("pictures");
const kept = (name: string) => join(repository, "docs", name);

beforeAll(async () => {
  const catalog = syntheticCatalog(2000);
  await writeTestSite(directory, { ...catalog, mirror: "oci://ghcr.io/example/buildcache" });
}, 120_000);

describe.skipIf(chromiumPath === undefined)("a picture", () => {
  it.each(PICTURES)("$name can be taken again", { timeout: 120_000 }, async ({ name, address, scheme }) => {
    const { page, complaints } = await openPage(directory, { width: 1120, scheme });
    await visit(page, address);
    const picture = await takePicture(page, { width: 1120, height: 640 });
    expect(picture.length).toBeLessThan(LARGEST);
    expect(complaints).toEqual([]);
    if (process.env["SPACK_OCI_PICTURES"] !== undefined) writeFileSync(kept(name), picture);
  });
});

it.each(PICTURES)("$name is a small picture that README and docs/site.md show", ({ name }) => {
  const picture = readFileSync(kept(name));
  expect(picture.toString("latin1", 8, 12)).toBe("WEBP");
  expect(picture.length).toBeLessThan(LARGEST);
  expect(readFileSync(join(repository, "README.md"), "utf8")).toContain(`docs/${name}`);
  expect(readFileSync(kept("site.md"), "utf8")).toContain(`(${name})`);
});
