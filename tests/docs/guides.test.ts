// Command lines in README and the guides run: those that need nothing but a buildcache, in the order of each page.

import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { commandLines, type Page, pages } from "../support/documentation.js";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";
import { buildSiteAssets } from "../support/site.js";

/** What the pages name, and what stands for it here. */
const STAND_INS: readonly (readonly [RegExp, string])[] = [
  [
    /oci:\/\/ghcr\.io\/(?:mochi-hpc\/mochi-spack-buildcache|org\/cache|OWNER\/REPOSITORY)/g,
    "oci-layout:cache",
  ],
  [/oci:\/\/registry\.(?:closed\.)?example\/cache/g, "oci-layout:other"],
  [/\/media\/usb/g, "usb"],
  [/(?<= )mochi(?= |$)/g, "oci-layout:cache"],
  [/\bmofka\b/g, "thallium-lite"],
  [/\bmochi-margo\b/g, "margo-lite"],
  [/(?<= )zlib(?= |$)/g, "json-c-lite"],
];

/** Commands that need no terminal, no Spack and no other program. */
const RUNNABLE = [
  "audit",
  "check",
  "copy",
  "diff",
  "env",
  "find",
  "list",
  "pull",
  "sbom",
  "show",
  "site",
  "view",
];
/** What lines need that is not here, or that ends only with Ctrl-C. */
const NEEDS =
  /^-|--(?:serve|base-image|gpg-\S+|keyring|verify-key|env|lockfile|findings|retain)|https:|\/srv\/|[<>{]|\b[A-Z]{2,}\b|\b[A-D]\b|oci:/;
/** `diff` ends with 1 if there is a difference, as `diff` of files does. */
const EXPECTED: Readonly<Record<string, readonly number[]>> = { diff: [0, 1] };

const guides = pages().filter(
  ({ path }) => /^(?:README|docs\/[\w-]+)\.md$/.test(path) && path !== "docs/errors.md",
);
const start = process.cwd();
let count = 0;

beforeAll(() => buildSiteAssets(), 120_000);
afterAll(() => process.chdir(start));

it.each(guides)("$path", { timeout: 240_000 }, async (page) => {
  const home = scratchDirectory("guide");
  cpSync(fixture("oci-layout-main"), join(home, "cache"), { recursive: true });
  for (const name of ["usb", "other"])
    cpSync(fixture("oci-layout-main"), join(home, name), { recursive: true });
  for (const [, name = ""] of page.text.matchAll(/^ {4}mkdir (\w+)$/gm)) mkdirSync(join(home, name));
  process.chdir(home);
  for (const line of runnableLines(page, home)) {
    const words = line.split(/\s+/);
    // The sample packages are not for every machine.
    const allArch = words[0] === "pull" ? ["--allarch"] : [];
    const run = await spackOci([...words, ...allArch], {
      environment: { HOME: home, SPACK_OCI_CACHE: "off" },
    });
    expect(EXPECTED[words[0] ?? ""] ?? [0], `spack-oci ${line}\n${run.stderr}`).toContain(run.status);
    count += 1;
  }
});

it("has run many lines", () => {
  console.log(`${count} command lines of guides were run`);
  expect(count).toBeGreaterThan(20);
});

/** Packages are pulled first where a page uses what another one installed. */
function runnableLines(page: Page, home: string): readonly string[] {
  const lines = commandLines(page)
    .map((line) => STAND_INS.reduce((text, [name, other]) => text.replaceAll(name, other), line))
    .map((line) => line.replaceAll("$HOME", home))
    .filter((line) => RUNNABLE.includes(/^(\w+) ./.exec(line)?.[1] ?? "") && !NEEDS.test(line));
  const used = lines.find((line) => /^(?:env|find|view) /.test(line) && line.includes("--root"));
  const root = /--root (\S+)/.exec(used ?? "")?.[1];
  if (root === undefined) return lines;
  return [`pull oci-layout:cache thallium-lite --root ${root}`, ...lines];
}
