// Pages in a real browser, Debian's Chromium, that report what a page must not do.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll } from "vitest";
import { onPath } from "./on-path.js";

export const chromiumPath = onPath("chromium", "chromium-browser", "google-chrome");
if (chromiumPath === undefined) console.log("skipped: sites in a browser, because chromium is not on PATH");

/** How a page is looked at. */
export interface View {
  readonly width: number;
  readonly scheme: "light" | "dark";
}

/** A phone, a tablet and a screen, by day and by night. */
export const VIEWS: readonly View[] = [360, 768, 1440].flatMap((width) => [
  { width, scheme: "light" as const },
  { width, scheme: "dark" as const },
]);

/** A page, and what it did that it must not do. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors, messages on the console, dialogs, and requests to anything but the site's own files. */
  readonly complaints: string[];
}

let browser: Promise<Browser> | undefined;
afterAll(async () => (await browser)?.close());

/** @param site the directory of a site, or where one is served */
export async function openPage(site: string, { width, scheme }: View): Promise<WatchedPage> {
  // Without a sandbox, since a container's root has none; pages of the tests are our own.
  browser ??= chromium.launch({ executablePath: chromiumPath ?? "", args: ["--no-sandbox"] });
  const context = await (await browser).newContext({
    viewport: { width, height: width < 500 ? 740 : 900 },
    colorScheme: scheme,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const home = site.startsWith("http") ? site : pathToFileURL(`${site}/`).href;
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(home) && request.url() !== "data:,")
      complaints.push(`request: ${request.url()}`);
  });
  await page.goto(`${home}index.html`);
  await page.waitForSelector("h1");
  return { page, complaints };
}

/** Moves to a view, and waits until it is there. */
export async function visit(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => Object.assign(globalThis, { location: hash }), address);
  await page.waitForFunction(
    // The graph of a large package takes a while.
    (hash) => (globalThis as unknown as { location: { hash: string } }).location.hash === hash,
    address,
  );
  await page.waitForSelector("h1");
  await page.waitForLoadState("networkidle");
}

/** Keeps a picture of a page in the directory that `SPACK_OCI_SCREENSHOTS` names, if any. */
export async function keepPicture(page: Page, name: string, { width, scheme }: View): Promise<void> {
  const directory = process.env["SPACK_OCI_SCREENSHOTS"];
  if (directory === undefined) return;
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}-${width}-${scheme}.png`) });
}

/** What a page shows, as WebP, which takes a fifth of a PNG. */
export async function takePicture(page: Page, size: { width: number; height: number }): Promise<Buffer> {
  await page.setViewportSize(size);
  await page.waitForTimeout(200);
  const tools = await page.context().newCDPSession(page);
  const { data } = await tools.send("Page.captureScreenshot", { format: "webp", quality: 82 });
  return Buffer.from(data, "base64");
}
