// A site of specs that someone wrote to harm its visitors does nothing but show them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SiteCatalog, SitePackage } from "@spack-oci/site";
import { beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, openPage, visit } from "../support/browser.js";
import { scratchDirectory } from "../support/scratch.js";
import { writeTestSite } from "../support/site.js";
import { syntheticCatalog } from "../support/synthetic-catalog.js";

/** Each would call this if it ran. */
const CALL = "globalThis.wasHarmed=true";
const TEXTS = [
  `<script>${CALL}</script>`,
  `"><img src=x onerror="${CALL}">`,
  `</script><script>${CALL}</script>`,
  `'); ${CALL}; ('`,
  `\\'); ${CALL}; //`,
  `javascript:${CALL}`,
  `<svg/onload=${CALL}>`,
  `https://evil.example/<a href="https://evil.example/">x</a>`,
  "\u202Egnp.exe\u2066\u200B\u0000\u001B[2J\uD800",
  "__proto__",
  "constructor",
  "../../../etc/passwd",
  "$(touch harmed)`touch harmed`\n; rm -rf ~",
  "]]>&amp;&lt;\u2028\u2029",
  "x".repeat(1_000_000),
];

const directory = scratchDirectory("hostile-site");

/** Every member of a package holds the text. */
function packageOf(text: string, at: number): SitePackage {
  const [made] = syntheticCatalog(1, at + 1).packages;
  const hash = made?.hash ?? "";
  const image = made?.image as NonNullable<SitePackage["image"]>;
  return {
    ...(made as SitePackage),
    name: text,
    version: text,
    hash,
    namespace: text,
    architecture: { platform: text, os: text, target: text },
    parameters: JSON.parse(
      `{${JSON.stringify(text)}: ${JSON.stringify(text)}, "list": [${JSON.stringify(text)}], "cflags": 5}`,
    ),
    propagated: [text],
    patches: [text],
    origin: { specVersion: 4, compiler: text },
    dependencies: [{ hash, types: [text], virtuals: [text], direct: true }],
    tag: text,
    image: {
      ...image,
      manifest: text,
      layer: { digest: text, size: 1e15, mediaType: text },
      authors: text,
      spackVersion: text,
      place: { prefix: text, root: text, unpaddedRoot: text, paddedLength: 128 },
      environment: [text],
      referrers: [text],
      largestFiles: [{ path: text, size: 1 }],
    },
  };
}

const catalog: SiteCatalog = {
  ...syntheticCatalog(1),
  mirror: `oci://${TEXTS[1]}`,
  packages: TEXTS.map(packageOf),
  others: [],
  findings: TEXTS.map((text) => ({ severity: "error", kind: text, what: text, hint: text, tag: text })),
};

beforeAll(async () => {
  await writeTestSite(directory, catalog);
}, 120_000);

it("has nothing of the specs in its page, except for the escaped name of the mirror", () => {
  const page = readFileSync(join(directory, "index.html"), "utf8");
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).toContain("oci://&quot;&gt;&lt;img src=x");
  expect(readFileSync(join(directory, "feed.xml"), "utf8")).not.toMatch(/<(script|img|svg|a) /);
});

describe.skipIf(chromiumPath === undefined)("a hostile site", () => {
  it("does nothing in any view", { timeout: 240_000 }, async () => {
    const { page, complaints } = await openPage(directory, { width: 1440, scheme: "light" });
    const builds = catalog.packages.flatMap(({ hash }) => [`#/build/${hash}`, `#/graph/${hash}`]);
    const named = catalog.packages
      .filter(({ name }) => name.length < 1000)
      .flatMap(({ name }) => [
        `#/package/${encodeURIComponent(name.toWellFormed())}`,
        `#/space/${encodeURIComponent(name.toWellFormed())}`,
      ]);
    const general = ["#/", "#/packages", "#/packages?sort=-variants", "#/space", "#/warnings"];
    for (const address of [...general, ...builds, ...named]) {
      await visit(page, address);
      expect([address, await page.evaluate("globalThis.wasHarmed")]).toEqual([address, undefined]);
      const links = await page.evaluate("[...document.links].map((link) => link.getAttribute('href'))");
      for (const href of links as string[])
        expect(href).toMatch(/^(#\/|feed\.xml$|catalog\.json$|LICENSES\.txt$)/);
      expect(await page.locator("main script, main img, main iframe, main object").count()).toBe(0);
      const text = (await page.locator("body").textContent()) ?? "";
      expect([address, /(?![\t\n])[\p{Cc}\p{Cf}]/u.exec(text)]).toEqual([address, null]);
      expect(text.length).toBeLessThan(300_000);
    }
    expect(complaints).toEqual([]);
  });

  it("finds hostile packages by their text", async () => {
    const { page, complaints } = await openPage(directory, { width: 360, scheme: "dark" });
    for (const text of TEXTS.filter((each) => each.length < 200)) {
      await page.getByRole("searchbox").fill(text);
      await page.locator(".packages h1").waitFor();
    }
    expect(complaints).toEqual([]);
  });

  it("gives lines to copy that a shell takes for one word", async () => {
    const { page } = await openPage(directory, { width: 1440, scheme: "light" });
    const [shell] = catalog.packages.filter(({ name }) => name.startsWith("$("));
    await visit(page, `#/build/${shell?.hash}`);
    const lines = await page.locator(".copy-line pre").allTextContents();
    expect(lines[0]).toContain(`'$(touch harmed)\`touch harmed\`?; rm -rf ~/${shell?.hash}'`);
    for (const line of lines) expect(line).not.toContain("\n");
  });
});
