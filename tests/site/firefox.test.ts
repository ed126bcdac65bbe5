// A site works in Firefox as in Chromium. Debian's Firefox speaks WebDriver BiDi, which puppeteer does, too.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { onPath } from "../support/on-path.js";
import { scratchDirectory } from "../support/scratch.js";
import { buildSiteAssets } from "../support/site.js";

const firefox = onPath("firefox-esr", "firefox");
if (firefox === undefined) console.log("skipped: sites in Firefox, because firefox-esr is not on PATH");

const directory = scratchDirectory("firefox-site");

describe.skipIf(firefox === undefined)("a site in Firefox", () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  let margo = "";

  beforeAll(async () => {
    buildSiteAssets();
    const run = await spackOci(["site", `oci-layout:${fixture("oci-layout-main")}`, directory]);
    expect(run).toMatchObject({ status: 0 });
    const { packages } = JSON.parse(readFileSync(join(directory, "catalog.json"), "utf8")) as {
      packages: readonly { name: string; hash: string }[];
    };
    margo = packages.find(({ name }) => name === "margo-lite")?.hash ?? "";
    browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox ?? "", headless: true });
    page = await browser.newPage();
    page.on("console", (message) => complaints.push(`console: ${message.text()}`));
    page.on("pageerror", (error) =>
      complaints.push(`error: ${error instanceof Error ? error.message : error}`),
    );
    await page.goto(pathToFileURL(join(directory, "index.html")).href);
    await page.waitForSelector("h1");
  }, 240_000);
  afterAll(() => browser?.close());

  const heading = () => page.$eval("h1", (element) => element.textContent ?? "");

  it("filters while one types", { timeout: 120_000 }, async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("%gcc@12 ^argobots-lite");
    await expect.poll(heading).toBe("3 of 20 builds");
    const names = await page.$$eval('[role="cell"].name', (cells) => cells.map((cell) => cell.textContent));
    expect(names).toEqual(["bedrock-lite", "margo-lite", "thallium-lite"]);
  });

  it("shows each view, as wide as the window", { timeout: 240_000 }, async () => {
    const views: readonly (readonly [string, string])[] = [
      ["#/", "Overview"],
      ["#/package/argobots-lite", "argobots-lite"],
      [`#/build/${margo}`, "margo-lite@0.18.3"],
      [`#/graph/${margo}`, "Graph of margo-lite@0.18.3"],
      ["#/space", "Space"],
      ["#/warnings", "Warnings"],
    ];
    for (const width of [360, 1440]) {
      await page.setViewport({ width, height: 800 });
      for (const [address, title] of views) {
        await page.evaluate((hash) => Object.assign(globalThis, { location: hash }), address);
        await expect.poll(heading).toContain(title);
        const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        expect([address, width, await page.evaluate(overflow)]).toEqual([address, width, 0]);
      }
    }
    expect(complaints).toEqual([]);
  });
});
