// The site of the buildcache that Spack wrote, as people use it: by mouse, by keyboard, on a phone, with a screen reader.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import { beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, keepPicture, openPage, VIEWS, type View, visit } from "../support/browser.js";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { problemsWith } from "../support/json-schemas.js";
import { scratchDirectory } from "../support/scratch.js";
import { buildSiteAssets } from "../support/site.js";

const mirror = `oci-layout:${fixture("oci-layout-main")}`;
const directory = scratchDirectory("sample-site");
const SCREEN: View = { width: 1440, scheme: "light" };

interface Catalog {
  readonly packages: readonly {
    readonly name: string;
    readonly hash: string;
    readonly image: { manifest: string; layer: { digest: string }; place: { prefix: string } };
  }[];
}
let margo: Catalog["packages"][number];

beforeAll(async () => {
  buildSiteAssets();
  const run = await spackOci(["site", mirror, directory, "--files"]);
  expect(run).toMatchObject({ status: 0 });
  const { packages } = JSON.parse(readFileSync(join(directory, "catalog.json"), "utf8")) as Catalog;
  margo = packages.find(({ name }) => name === "margo-lite") as typeof margo;
}, 120_000);

it("has the data that the schema describes", () => {
  const catalog = JSON.parse(readFileSync(join(directory, "catalog.json"), "utf8"));
  expect(catalog.packages).toHaveLength(20);
  expect(problemsWith("site-catalog", catalog)).toBe("");
});

describe.skipIf(chromiumPath === undefined)("the site", () => {
  /** Each view by its name, once the packages are known. */
  const addresses = (): Record<string, string> => ({
    overview: "#/",
    packages: "#/packages?filter=%2Bshared",
    package: "#/package/argobots-lite",
    build: `#/build/${margo.hash}`,
    graph: `#/graph/${margo.hash}`,
    space: "#/space",
    warnings: "#/warnings",
  });

  it("shows the packages, and filters them while one types", async () => {
    const { page, complaints } = await openPage(directory, SCREEN);
    expect(await page.locator(".figures").textContent()).toMatch(/^builds20packages17/);
    await page.keyboard.press("/");
    await page.keyboard.type("%gcc@12 ^argobots-lite");
    expect(await page.locator("h1").textContent()).toMatch(/^\d+ of 20 builds/);
    await page.getByRole("cell", { name: "margo-lite" }).waitFor();
    const names = await page.locator('[role="cell"].name').allTextContents();
    expect(names).toContain("margo-lite");
    expect(names).not.toContain("json-c-lite");
    expect(page.url()).toContain("filter=");
    expect(complaints).toEqual([]);
  });

  it("shows a build with its digests, prefix, tree, dependents, files and lines to copy", async () => {
    const { page, complaints } = await openPage(directory, SCREEN);
    await visit(page, addresses()["build"] ?? "");
    const { manifest, layer, place } = margo.image;
    await page.getByText(layer.digest).waitFor();
    const text = await page.locator("main").textContent();
    for (const part of [
      margo.hash,
      manifest,
      layer.digest,
      place.prefix,
      "to 128 characters",
      "/tmp/spackA/opt",
    ])
      expect(text).toContain(part);
    expect(text).toContain(`spack-oci pull ${mirror} margo-lite/${margo.hash}`);
    for (const part of ["json-c-lite", "mochi-suite", "PATH=", "lib/libmargo"]) expect(text).toContain(part);
    await page.getByRole("button", { name: /Dependencies of mercury-lite/ }).click();
    expect(await page.locator(".tree .tree").textContent()).toContain("libfabric-lite");
    expect(complaints).toEqual([]);
  });

  it("shows what differs between builds, and what does not", async () => {
    const { page } = await openPage(directory, SCREEN);
    await visit(page, addresses()["package"] ?? "");
    expect(await page.locator("thead").textContent()).toContain("version");
    expect(await page.locator("tbody tr").count()).toBe(2);
    expect(await page.locator(".properties").textContent()).toContain("gcc@12.2.0");
  });

  it("has a graph that can be walked, also by keyboard", async () => {
    const { page } = await openPage(directory, SCREEN);
    await visit(page, addresses()["graph"] ?? "");
    await page.getByRole("link", { name: "mercury-lite@2.4.0" }).click();
    await page.getByRole("heading", { name: "Graph of mercury-lite@2.4.0" }).waitFor();
    await page.getByRole("link", { name: "libfabric-lite@1.22.0" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Graph of libfabric-lite@1.22.0" }).waitFor();
  });

  it("starts a large graph with what it is about", async () => {
    const { page } = await openPage(directory, { width: 360, scheme: "light" });
    await visit(page, addresses()["graph"] ?? "");
    const box = await page.locator(".node.center").boundingBox();
    expect(box?.x).toBeGreaterThan(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThan(360);
  });

  it("says that nothing matches, and shows all again", async () => {
    const { page } = await openPage(directory, SCREEN);
    await visit(page, "#/packages?filter=%2Bno-such-variant");
    await page.getByText("No build matches.").waitFor();
    await page.getByRole("link", { name: "Show all" }).click();
    await page.getByRole("table", { name: "Builds" }).waitFor();
    expect(await page.locator("h1").textContent()).toBe("20 builds");
  });

  it("leads by keyboard to a view, its filter and its content", async () => {
    const { page } = await openPage(directory, SCREEN);
    const focused = () => page.evaluate("document.activeElement.textContent || document.activeElement.type");
    const seen: unknown[] = [];
    for (let at = 0; at < 7; at += 1) {
      await page.keyboard.press("Tab");
      seen.push(await focused());
    }
    expect(seen).toEqual(["Skip to content", mirror, "Overview", "Packages", "Space", "Warnings", "search"]);
  });

  it("leads back to where one was", async () => {
    const { page } = await openPage(directory, SCREEN);
    await visit(page, "#/packages?filter=margo-lite");
    await page.getByRole("link", { name: "margo-lite" }).click();
    await page.getByRole("heading", { name: /margo-lite@/ }).waitFor();
    await page.goBack();
    await page.getByRole("table", { name: "Builds" }).waitFor();
    await expect.poll(() => page.getByRole("searchbox").inputValue()).toBe("margo-lite");
  });

  it.each(VIEWS)("fits $width pixels, $scheme", { timeout: 120_000 }, async (view) => {
    const { page, complaints } = await openPage(directory, view);
    for (const [name, address] of Object.entries(addresses())) {
      await visit(page, address);
      await keepPicture(page, `sample-${name}`, view);
      const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
      expect([name, await page.evaluate(overflow)]).toEqual([name, 0]);
    }
    expect(complaints).toEqual([]);
  });

  it.each(VIEWS)(
    "has no barriers that axe finds, $width pixels, $scheme",
    { timeout: 120_000 },
    async (view) => {
      const { page } = await openPage(directory, view);
      // The page allows no other code, but the protocol of the browser's tools does.
      await page.evaluate(axe.source);
      for (const [name, address] of Object.entries(addresses())) {
        await visit(page, address);
        const found = await page.evaluate(
          "axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => [id, impact, nodes[0].html]))",
        );
        expect({ name, found }).toEqual({ name, found: [] });
      }
    },
  );
});
