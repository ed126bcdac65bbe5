// The documentation site builds: every page is there, with the reference of all commands and packages, and its links work.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { pages, repository } from "../support/documentation.js";

const site = join(repository, "dist", "docs");
const BASE = "/spack-oci/";

beforeAll(() => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/docs.mjs"], {
    cwd: repository,
    encoding: "utf8",
  });
  expect(status, stdout + stderr).toBe(0);
}, 600_000);

const html = () =>
  readdirSync(site, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));

/** A page of the site by its address below the base: addresses have no `.html`. */
function fileOf(address: string): string | undefined {
  const path = decodeURI(address.replace(/[#?].*/, ""));
  return [path, `${path}.html`, join(path, "index.html")].find(
    (name) => /\.\w+$/.test(name) && existsSync(join(site, name)),
  );
}

it("has every page of the documentation", () => {
  const written = pages().filter(({ path }) => path.startsWith("docs/"));
  expect(written.length).toBeGreaterThan(20);
  for (const { path } of written)
    expect(html()).toContain(path.slice("docs/".length).replace(/\.md$/, ".html"));
});

it("has every page in its sidebar", () => {
  const front = readFileSync(join(site, "ci.html"), "utf8");
  for (const { path } of pages()) {
    if (!path.startsWith("docs/") || path === "docs/index.md") continue;
    expect(front).toContain(`href="${BASE}${path.slice("docs/".length).replace(/\.md$/, "")}"`);
  }
});

it("has a reference of all commands and packages", () => {
  expect(readFileSync(join(site, "reference/commands/push.html"), "utf8")).toContain("--update-index");
  for (const name of readdirSync(join(repository, "packages")))
    expect(readFileSync(join(site, "reference/api", name, "index.html"), "utf8"), name).toContain(
      'href="./src"',
    );
});

it("has no dead link", () => {
  const dead = new Set<string>();
  for (const name of html()) {
    if (name === "404.html") continue;
    const text = readFileSync(join(site, name), "utf8");
    for (const [, address = ""] of text.matchAll(/<a [^>]*href="(?!https?:|#|mailto:)([^"]+)"/g)) {
      const path = address.startsWith(BASE) ? address.slice(BASE.length) : join(dirname(name), address);
      if (fileOf(path) === undefined) dead.add(`${name}: ${address}`);
    }
  }
  expect([...dead]).toEqual([]);
});
