// Links between pages lead to files that exist, and to headings that they have.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { anchorsOf, linksOf, pages, repository } from "../support/documentation.js";

const all = pages();

it.each(all)("$path has no dead link", (page) => {
  const dead = linksOf(page).filter(({ path, anchor }) => {
    const file = join(repository, path);
    if (!existsSync(file)) return true;
    return (
      anchor !== undefined && file.endsWith(".md") && !anchorsOf(readFileSync(file, "utf8")).includes(anchor)
    );
  });
  expect(dead).toEqual([]);
});

it("finds links and anchors", () => {
  const [link, other] = linksOf({
    path: "docs/a.md",
    text: "[x](../README.md#install) `[y](z.md)` [z](https://z)",
  });
  expect(link).toEqual({
    page: "docs/a.md",
    target: "../README.md#install",
    path: "README.md",
    anchor: "install",
  });
  expect(other).toBeUndefined();
  expect(anchorsOf("# ERR_X\n## Spack's `words`, too\n")).toEqual(["err_x", "spacks-words-too"]);
});

it("can be reached from README", () => {
  const reached = new Set(["README.md"]);
  for (const path of reached) {
    const page = all.find((each) => each.path === path);
    for (const link of page === undefined ? [] : linksOf(page)) reached.add(link.path);
  }
  const unreachable = all.filter(({ path }) => !reached.has(path) && path !== "docs/index.md");
  expect(unreachable.map(({ path }) => path)).toEqual([]);
});
