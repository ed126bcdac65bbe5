// Views as `view:` of an environment describes them.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { spackPlace } from "../../../../tests/support/spack-instance.js";
import { openSpackInstance } from "../../src/instance/open-spack-instance.js";

const place = spackPlace();

/** @param view the value of `view:` in YAML */
function viewsOf(view: string | undefined, scope: string | undefined = undefined) {
  const directory = join(place.environment, "..", "views");
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, "spack.yaml"),
    `spack:\n  specs: [zlib]\n${view === undefined ? "" : `  view: ${view}\n`}`,
  );
  const instance = openSpackInstance({
    env: { ...place.variables, USER: "somebody" },
    environmentDirectory: directory,
    configScopes: scope === undefined ? [] : [place.scope({ "view.yaml": `view: ${scope}\n` })],
  });
  return { directory, views: instance.views };
}

it.each([undefined, "true", "{}"])("has the default view for %s", (view) => {
  const { directory, views } = viewsOf(view);
  const root = join(directory, ".spack-env/view");
  expect(views).toEqual([
    {
      name: "default",
      root,
      link: "all",
      linkType: "symlink",
      select: [],
      exclude: [],
      projections: new Map(),
      written: { root, projections: new Map() },
    },
  ]);
});

it("has none if views are off, or without an environment", () => {
  expect(viewsOf("false").views).toEqual([]);
  expect(openSpackInstance({ env: place.variables }).views).toEqual([]);
});

it("takes a path for the root of the default view", () => {
  const { directory, views } = viewsOf("my/../view");
  expect(views).toMatchObject([
    { name: "default", root: join(directory, "view"), written: { root: "my/../view" } },
  ]);
});

it("reads several views, in order", () => {
  const { directory, views } = viewsOf(
    "{ one: { root: $env/v, link: roots, link_type: copy, select: [a, b@2], exclude: ['%gcc'] }, two: { root: /w, projections: { zlib: '$env/{name}', all: '{name}' } } }",
  );
  expect(views).toEqual([
    {
      name: "one",
      root: join(directory, "v"),
      link: "roots",
      linkType: "copy",
      select: ["a", "b@2"],
      exclude: ["%gcc"],
      projections: new Map(),
      written: { root: "$env/v", projections: new Map() },
    },
    {
      name: "two",
      root: "/w",
      link: "all",
      linkType: "symlink",
      select: [],
      exclude: [],
      projections: new Map([
        ["zlib", `${directory}/{name}`],
        ["all", "{name}"],
      ]),
      written: {
        root: "/w",
        projections: new Map([
          ["zlib", "$env/{name}"],
          ["all", "{name}"],
        ]),
      },
    },
  ]);
});
