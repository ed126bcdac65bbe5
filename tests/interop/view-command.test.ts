// `spack-oci view` makes the trees that `spack view` makes.

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { describePrefix } from "../support/describe-prefix.js";
import { fixture } from "../support/fixtures.js";
import { readRecords } from "./support/database.js";
import { addOddFiles } from "./support/odd-prefixes.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";

// Some tests run Spack several times.
vi.setConfig({ testTimeout: 300_000 });

const TYPES = [
  ["symlink", "soft"],
  ["hardlink", "hard"],
  ["copy", "copy"],
] as const;

describeWithSpack("spack-oci view", () => {
  const scratch = mkdtempSync("/tmp/v");
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  // Copies of binaries have no room for longer paths.
  const directory = join(scratch, "w");
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  let root: string;
  let spack: Spack;
  beforeAll(async () => {
    root = shortRoot();
    spack = await Spack.create({ root });
    const { status, stderr } = await spack.ours("pull", `oci-layout:${fixture("oci-layout-main")}`);
    expect(status, stderr).toBe(0);
  }, 300_000);

  /** What a directory is after one command for each list of specs, and whether the last one succeeded. */
  async function result(commands: readonly (() => Promise<{ status: number | null }>)[]) {
    let ok = false;
    for (const command of commands) ok = (await command()).status === 0;
    const state = existsSync(directory) ? describePrefix(directory) : undefined;
    rmSync(directory, { recursive: true, force: true });
    return { ok, state };
  }

  interface Steps {
    /** As Spack and this project name it. */
    readonly type: readonly [string, string];
    readonly adds: readonly (readonly string[])[];
    readonly prepare?: () => void;
  }

  async function both({ type: [theirs, ours], adds, prepare = () => {} }: Steps) {
    prepare();
    const expected = await result(adds.map((specs) => () => spack.run("view", theirs, directory, ...specs)));
    prepare();
    const found = await result(
      adds.map((specs) => () => spack.ours("view", directory, "--link", ours, ...specs)),
    );
    return { expected, found };
  }

  async function expectSame(steps: Steps) {
    const { expected, found } = await both(steps);
    expect(found).toEqual(expected);
    return found;
  }

  it.each(TYPES)("makes the same tree with %s", async (...type) => {
    for (const specs of [["bedrock-lite"], ["tricky-lite", "tricky-names", "data-lite"], ["glibc"]]) {
      const { ok } = await expectSame({ type, adds: [specs] });
      expect(ok).toBe(true);
    }
  });

  it.each(TYPES)("adds to a tree, and to an empty directory, with %s", async (...type) => {
    const adds = [["tricky-names"], ["data-lite"], ["data-lite", "interp-lite"]];
    const { state } = await expectSame({ type, adds });
    expect(Object.keys(state?.entries ?? {})).toContain(".spack/interp-lite/spec.json");
    const { state: marked } = await expectSame({ type, adds, prepare: () => mkdirSync(directory) });
    expect(Object.keys(marked?.entries ?? {})).toContain(".spack-empty");
  });

  it("refuses what Spack refuses, and leaves everything as it was", async () => {
    const type = TYPES[0];
    const cases: readonly [string, () => void, readonly string[]][] = [
      ["unknown package", () => {}, ["zlib-lite"]],
      ["two matches", () => {}, ["argobots-lite"]],
      ["two packages of a name", () => {}, ["argobots-lite@1.2", "argobots-lite@main"]],
      [
        "a file in the way",
        () => {
          mkdirSync(join(directory, "share/data-lite"), { recursive: true });
          symlinkSync("nowhere", join(directory, "share/data-lite/table.csv"));
        },
        ["data-lite"],
      ],
      [
        "a file in the way of a directory",
        () => {
          mkdirSync(directory);
          writeFileSync(join(directory, "share"), "");
        },
        ["data-lite"],
      ],
    ];
    for (const [name, prepare, specs] of cases) {
      prepare();
      const before = existsSync(directory) ? describePrefix(directory) : undefined;
      rmSync(directory, { recursive: true, force: true });
      const { expected, found } = await both({ type, adds: [specs], prepare });
      expect(expected.ok, name).toBe(false);
      expect(found, name).toEqual({ ok: false, state: before });
    }
  });

  it("refuses another version of a package in the view, of which Spack only complains", async () => {
    expect((await spack.ours("view", directory, "argobots-lite@1.2")).status).toBe(0);
    const before = describePrefix(directory);
    const complaint = await spack.run("view", "symlink", directory, "argobots-lite@main");
    expect(complaint.stderr).toContain("Package conflict detected");
    expect(describePrefix(directory)).toEqual(before);
    const refusal = await spack.ours("view", directory, "argobots-lite@main", "--json");
    expect(refusal.json()).toMatchObject({ error: { code: "ERR_VIEW_SPECS_CLASH" } });
    expect(describePrefix(directory)).toEqual(before);
    rmSync(directory, { recursive: true });
  });

  it("makes a view that Spack can take apart", async () => {
    expect((await spack.ours("view", directory, "bedrock-lite")).status).toBe(0);
    // Spack cannot list packages with and without compilers together: it fails to sort them.
    for (const name of ["bedrock-lite", "mochi-scripts"])
      expect(await spack.do("view", "-d", "no", "statlink", directory, name)).toContain(name);
    await spack.do("view", "remove", directory, "--all");
    expect(existsSync(directory) ? readdirSync(directory) : []).toEqual([]);
  });

  it("leaves out packages like Spack", async () => {
    const theirs = await result([
      () => spack.run("view", "-e", "lib|js", "-e", "mar", "symlink", directory, "bedrock-lite"),
    ]);
    const options = ["--exclude", "lib|js", "--exclude", "mar"];
    const ours = await result([() => spack.ours("view", directory, "bedrock-lite", ...options)]);
    expect(ours).toEqual(theirs);
    const alone = await result([() => spack.run("view", "-d", "no", "copy", directory, "bedrock-lite")]);
    const flags = ["--no-dependencies", "--link", "copy"];
    expect(await result([() => spack.ours("view", directory, "bedrock-lite", ...flags)])).toEqual(alone);
    expect(Object.keys(ours.state?.entries ?? {})).not.toContain(".spack/libfabric-lite");
  });

  it("takes the words of Spack", async () => {
    const lines = [
      ["-d", "no", "hardlink", directory, "bedrock-lite"],
      ["-v", "-e", "lib|js", "add", "-i", directory, "bedrock-lite"],
      ["--dependencies", "yes", "relocate", directory, "data-lite"],
    ];
    for (const line of lines) {
      const theirs = await result([() => spack.run("view", ...line)]);
      expect(theirs.ok, line.join(" ")).toBe(true);
      expect(await result([() => spack.ours("view", ...line)]), line.join(" ")).toEqual(theirs);
    }
  });

  it("has Spack add packages whose recipes take part", async () => {
    const method = `
    def add_files_to_view(self, view, merge_map, skip_if_exists=True):
        super().add_files_to_view(view, merge_map, skip_if_exists)
        with open(view.get_projection_for_spec(self.spec) + "/from-recipe", "w") as f:
            f.write(self.spec.prefix)
`;
    const recipe = "mochi_lite/packages/data_lite/package.py";
    const kept = join(prefixOf(root, "data-lite"), ".spack/repos/spack_repo");
    for (const repository of [spack.recipes, kept]) appendFileSync(join(repository, recipe), method);
    const { state } = await expectSame({ type: TYPES[0], adds: [["data-lite"]] });
    expect(Object.keys(state?.entries ?? {})).toContain("from-recipe");
    const without = await spack.ours("view", directory, "data-lite", "--root", root, "--json");
    expect(without.json()).toMatchObject({ error: { code: "ERR_VIEW_NEEDS_SPACK" } });
    expect(existsSync(directory)).toBe(false);
  });

  it.each(TYPES)("makes the same tree of odd files with %s", async (...type) => {
    const [one, other] = ["tricky-names", "interp-lite"].map((name) => prefixOf(root, name));
    if (!readdirSync(one ?? "").includes("shortcut")) addOddFiles(one ?? "", other ?? "");
    const alone = await expectSame({ type, adds: [["tricky-names"]] });
    expect(alone.ok).toBe(true);
    const clash = await both({ type, adds: [["tricky-names"], ["interp-lite"]] });
    expect(clash.expected.ok).toBe(false);
    // Spack stops halfway.
    expect(clash.found).toEqual({ ...alone, ok: false });
    const link = type[1];
    const first = await result([
      () => spack.ours("view", directory, "--link", link, "-i", "tricky-names", "interp-lite"),
    ]);
    expect(first.ok).toBe(true);
  });
});

function prefixOf(root: string, name: string): string {
  const record = Object.values(readRecords(root)).find(
    ({ spec }) => (spec as { name: string }).name === name,
  );
  return String(record?.["path"]);
}
