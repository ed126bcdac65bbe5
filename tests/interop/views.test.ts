// Views of environments are those that Spack makes: the same directories, links, copies and modes, in the same places.

import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readRecords } from "./support/database.js";
import { addOddFiles } from "./support/odd-prefixes.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";
import { copySamplesTo, startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";
import { ViewEnvironment } from "./support/view-environments.js";

/** Values of `view:`; all of them work. */
const VIEWS: Readonly<Record<string, string>> = {
  "the default view": "true",
  "a path relative to the environment": "local/view",
  "an absolute path": "HOME/here",
  "roots only": "{ default: { root: HOME/v, link: roots } }",
  "what roots run with": "{ default: { root: HOME/v, link: run } }",
  "selected packages": "{ default: { root: v, select: [margo-lite, '^argobots-lite@1.2'] } }",
  "excluded packages": "{ default: { root: v, exclude: ['tricky-lite', 'json-c-lite@:1', '%gcc@13'] } }",
  "selected and excluded packages":
    "{ default: { root: v, select: [tricky-lite, tricky-names, 'mochi-suite'], exclude: [tricky-names] } }",
  "a projection for all": "{ default: { root: v, projections: { all: '{name}/{version}-{hash:7}' } } }",
  "projections by spec":
    "{ default: { root: v, projections: { 'libfabric-lite': 'net/{name}', '^libfabric-lite': 'with-net/{architecture}/{name}', tricky-lite: 'with-net' } } }",
  "a projection with a variable": "{ default: { root: v, projections: { all: '$user/{name}' } } }",
  "hard links": "{ default: { root: HOME/v, link_type: hardlink } }",
  "hard links with projections":
    "{ default: { root: HOME/v, link_type: hardlink, link: run, projections: { all: '{name}' } } }",
  copies: "{ default: { root: HOME/v, link_type: copy } }",
  "copies with projections":
    "{ default: { root: HOME/v, link_type: copy, projections: { all: '{name}', bedrock-lite: b } } }",
  "copies of roots": "{ default: { root: HOME/v, link_type: copy, link: roots } }",
  "several views":
    "{ default: { root: HOME/a/v, link: roots }, more: { root: HOME/a/w, select: [tricky-lite] }, none: { root: x, select: [nothing] } }",
  "no view": "false",
};

// Some tests run Spack a dozen times.
vi.setConfig({ testTimeout: 300_000 });

describeWithSpack("views", () => {
  const root = shortRoot();
  let registry: TlsRegistry;
  let spack: Spack;
  beforeAll(async () => {
    registry = await startTlsRegistry();
    await copySamplesTo(registry, "mochi");
    spack = await Spack.create({
      root,
      mirror: registry.location("mochi"),
      authority: registry.authority,
    });
    expect(await spack.ours("-e", spack.environment, "pull", "mochi")).toMatchObject({ status: 0 });
  }, 300_000);
  afterAll(() => registry.stop());

  const byUs = (environment: ViewEnvironment) =>
    spack.ours("-e", environment.directory, "pull", "mochi", "--json");
  const bySpack = (environment: ViewEnvironment) =>
    spack.run("-e", environment.directory, "env", "view", "regenerate");

  it.each(Object.entries(VIEWS))("are equal: %s", async (_, view) => {
    const environment = new ViewEnvironment();
    environment.write(view);
    expect(await bySpack(environment)).toMatchObject({ status: 0 });
    const expected = environment.describe();
    environment.clear();
    environment.write(view);
    expect(await byUs(environment)).toMatchObject({ status: 0 });
    expect(environment.describe()).toEqual(expected);
  });

  /** Lets both do the same steps, each from the beginning, and compares what there is after each step. */
  async function expectSame(steps: readonly ((environment: ViewEnvironment) => void)[]) {
    const environment = new ViewEnvironment();
    const run = async (regenerate: typeof bySpack | typeof byUs) => {
      const states = [];
      for (const step of steps) {
        step(environment);
        const { status } = await regenerate(environment);
        states.push({ ok: status === 0, ...environment.describe() });
      }
      environment.clear();
      return states;
    };
    const expected = await run(bySpack);
    expect(await run(byUs)).toEqual(expected);
    return expected;
  }

  it("change with the environment", async () => {
    const view = (rest: string) => `{ default: { root: HOME/v${rest} } }`;
    await expectSame([
      (environment) => environment.write(view("")),
      (environment) => environment.write(view(", exclude: [tricky-lite]")),
      (environment) => environment.write(view(", exclude: [tricky-lite]"), ["mochi-suite"]),
      (environment) =>
        environment.write(view(", exclude: [tricky-lite], link_type: hardlink"), ["mochi-suite"]),
      (environment) => environment.write("HOME/elsewhere"),
      (environment) => environment.write("false"),
    ]);
  });

  it.each([
    ["two versions of a package", "HOME/v", ["argobots-lite"]],
    ["two variants of a package", "{ v: { root: HOME/v, select: [mercury-lite] } }", ["mercury", "bedrock"]],
    [
      "a projection that two packages share",
      "{ v: { root: v, projections: { all: x }, select: [argobots-lite] } }",
      ["argobots-lite"],
    ],
    [
      "binaries without room for longer paths",
      `{ v: { root: HOME/${"long".repeat(30)}, link_type: copy } }`,
      ["tricky-lite"],
    ],
  ] as const)("are not made: %s", async (_, view, roots) => {
    const [state] = await expectSame([(environment) => environment.write(view, roots)]);
    expect(state?.ok).toBe(false);
  });

  it("leave alone what users put in the way", async () => {
    const states = await expectSame([
      (environment) => {
        environment.write("HOME/v");
        mkdirSync(join(environment.home, "v/mine"), { recursive: true });
      },
      ({ home }) => rmSync(join(home, "v"), { recursive: true }),
      ({ home }) => rmSync(join(home, "v")),
    ]);
    expect(states.map(({ ok }) => ok)).toEqual([false, true, false]);
  });

  it("are made at the end of an install", async () => {
    const environment = new ViewEnvironment();
    environment.write("true");
    await spack.do("-e", environment.directory, "install", "--only-concrete", "--cache-only");
    const expected = environment.describe();
    environment.clear();
    environment.write("true");
    const packages = ["uninstall", "-y", "--all", "--dependents", "tricky-lite"];
    await spack.do(...packages);
    expect((await byUs(environment)).json<{ pulled: unknown[] }>().pulled).toHaveLength(1);
    expect(environment.describe()).toEqual(expected);
  });

  it("are equal with odd files in packages", async () => {
    const [one, other] = ["bedrock-lite", "margo-lite"].map((name) => prefixOf(root, name));
    addOddFiles(one ?? "", other ?? "");
    for (const type of ["symlink", "hardlink", "copy"]) {
      const view = `{ default: { root: HOME/v, link_type: ${type} }, p: { root: HOME/w, link_type: ${type}, projections: { margo-lite: 'share', all: 'x/{name}' } } }`;
      const [state] = await expectSame([(environment) => environment.write(view)]);
      expect(state?.ok).toBe(true);
    }
  });

  it("are equal if a root is repeated, which moves it behind others", async () => {
    for (const name of ["tricky-lite", "tricky-names"])
      writeFileSync(join(prefixOf(root, name), "in-both"), name);
    const orders = [
      ["tricky-lite", "tricky-names"],
      ["tricky-names", "tricky-lite"],
      ["tricky-lite", "tricky-names", "tricky-lite"],
    ];
    const winners = [];
    for (const order of orders) {
      const [state] = await expectSame([(environment) => environment.write("HOME/v", order)]);
      const [, entry] =
        Object.entries(state?.entries ?? {}).find(([name]) => name.endsWith("/in-both")) ?? [];
      winners.push(/tricky-(lite|names)/.exec(entry?.target ?? "")?.[1]);
    }
    expect(winners).toEqual(["lite", "names", "names"]);
  });

  it("are not made if a file of one package is a directory of another one", async () => {
    const blocked = join(prefixOf(root, "margo-lite"), "share/block");
    mkdirSync(join(blocked, "x"), { recursive: true });
    writeFileSync(join(prefixOf(root, "bedrock-lite"), "share/block"), "");
    const [state] = await expectSame([(environment) => environment.write("HOME/v")]);
    expect(state?.ok).toBe(false);
    rmSync(blocked, { recursive: true });
  });

  it("are left to Spack if recipes take part", async () => {
    const method = `
    def add_files_to_view(self, view, merge_map, skip_if_exists=True):
        super().add_files_to_view(view, merge_map, skip_if_exists)
        with open(view.get_projection_for_spec(self.spec) + "/from-recipe", "w") as f:
            f.write(self.spec.prefix)
`;
    const recipe = "mochi_lite/packages/json_c_lite/package.py";
    for (const repositories of [
      spack.recipes,
      join(prefixOf(root, "json-c-lite"), ".spack/repos/spack_repo"),
    ])
      appendFileSync(join(repositories, recipe), method);
    const [state] = await expectSame([(environment) => environment.write("HOME/v")]);
    expect(state).toMatchObject({ ok: true });
    expect(JSON.stringify(state)).toContain("from-recipe");
  });
});

function prefixOf(root: string, name: string): string {
  const record = Object.values(readRecords(root)).find(
    ({ spec }) => (spec as { name: string }).name === name,
  );
  return String(record?.["path"]);
}
