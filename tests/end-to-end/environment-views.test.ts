// A pull in an environment ends with its views, also without a Spack that runs.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { describePrefix } from "../support/describe-prefix.js";
import { fixture } from "../support/fixtures.js";
import { spackPlace } from "../support/spack-instance.js";

interface Pulled {
  readonly pulled: readonly unknown[];
  readonly views: readonly { readonly outcome: string; readonly packages?: number }[];
}

const place = spackPlace();
// Short, because one of the sample's programs has no space for a longer path of sbang.
const home = mkdtempSync("/tmp/w");
afterAll(() => rmSync(home, { recursive: true, force: true }));
const scope = place.scope({
  "config.yaml": `config:\n  install_tree:\n    root: ${home}/o\n    padded_length: 0\n`,
});

/** @param view the value of `view:` in YAML */
function environmentWith(name: string, view: string | undefined): string {
  const directory = join(home, name);
  mkdirSync(directory);
  const roots = ["bedrock-lite", "tricky-lite"];
  const lock = JSON.parse(readFileSync(fixture("producer/spack.lock"), "utf8")) as {
    roots: { spec: string }[];
  };
  lock.roots = lock.roots.filter(({ spec }) => roots.includes(spec));
  writeFileSync(join(directory, "spack.lock"), JSON.stringify(lock));
  const setting = view === undefined ? "" : `  view: ${view}\n`;
  writeFileSync(join(directory, "spack.yaml"), `spack:\n  specs: [${roots.join(", ")}]\n${setting}`);
  return directory;
}

function pull(directory: string, ...args: readonly string[]) {
  const mirror = `oci-layout:${fixture("oci-layout-main")}`;
  const environment = { ...place.variables, PATH: process.env["PATH"] };
  return spackOci(["-e", directory, "-C", scope, "pull", mirror, ...args], { environment });
}

it("makes the default view of what was pulled, and reports it", async () => {
  const directory = environmentWith("default", undefined);
  const dry = await pull(directory, "--dry-run", "--json");
  expect(dry.json<Pulled>().views).toEqual([]);
  expect(existsSync(join(directory, ".spack-env"))).toBe(false);

  const run = await pull(directory);
  expect(run).toMatchObject({ status: 0 });
  const view = join(directory, ".spack-env/view");
  expect(run.stdout).toMatch(new RegExp(`^Updated the view ${view} \\(\\d+ packages`, "m"));
  expect(readlinkSync(view)).toMatch(/\.spack-env\/\._view\/[a-z2-7]{32}$/);
  const { entries } = describePrefix(readlinkSync(view));
  const links = Object.values(entries).filter(({ type }) => type === "symlink");
  expect(links.length).toBeGreaterThan(100);
  for (const { target } of links) expect(target).toMatch(new RegExp(`^${home}/o/linux-x86_64_v3/`));
  expect(existsSync(join(view, ".spack/bedrock-lite/spec.json"))).toBe(true);

  const again = await pull(directory, "--json");
  expect(again.json<Pulled>()).toMatchObject({ pulled: [], views: [{ outcome: "unchanged" }] });
});

it("leaves the views alone if packages go elsewhere, or if there are none", async () => {
  const directory = environmentWith("elsewhere", "true");
  const run = await pull(directory, "--json", "--root", join(home, "p"), "data-lite");
  expect(run).toMatchObject({ status: 0 });
  expect(run.json<Pulled>().views).toEqual([]);
  expect(existsSync(join(directory, ".spack-env"))).toBe(false);
  expect((await pull(environmentWith("none", "false"), "--json")).json<Pulled>().views).toEqual([]);
});

it("keeps the packages if a view fails, and says why", async () => {
  const directory = environmentWith("failing", "{ a: { root: a }, b: { root: b } }");
  mkdirSync(join(directory, "a/mine"), { recursive: true });
  const run = await pull(directory);
  expect(run).toMatchObject({ status: 1 });
  expect(run.stderr).toContain(
    `failed to update the view ${directory}/a: Cannot make a view: ${directory}/a already exists.`,
  );
  expect(run.stdout).toContain(`Could not update the view ${directory}/a.`);
  expect(existsSync(join(directory, "a/mine"))).toBe(true);
  expect(existsSync(join(directory, "b/.spack/bedrock-lite"))).toBe(true);
});

it("has Spack make views in which recipes take part, or says what to run", async () => {
  const directory = environmentWith("recipes", "true");
  const [prefix = ""] = (await pull(directory, "--json"))
    .json<{ present: { name: string; prefix: string }[] }>()
    .present.filter(({ name }) => name === "data-lite")
    .map((each) => each.prefix);
  const recipe = join(prefix, ".spack/repos/spack_repo/mochi_lite/packages/data_lite/package.py");
  writeFileSync(
    recipe,
    `${readFileSync(recipe, "utf8")}\n    def add_files_to_view(self, view, merge_map):\n        pass\n`,
  );
  rmSync(join(directory, ".spack-env"), { recursive: true });

  const spack = join(place.root, "bin/spack");
  const failed = await pull(directory);
  expect(failed).toMatchObject({ status: 1 });
  expect(failed.stderr).toContain("because of the recipes of data-lite@git.main=1.0/li7gaie");
  expect(failed.stderr).toContain(`Run \`spack -e ${directory} env view regenerate\`.`);

  writeFileSync(spack, `#!/bin/sh\necho "$@" > ${home}/arguments\n`);
  chmodSync(spack, 0o755);
  const made = await pull(directory, "--json");
  expect(made).toMatchObject({ status: 0 });
  expect(made.json<Pulled>().views).toMatchObject([{ outcome: "made-by-spack" }]);
  expect(readFileSync(join(home, "arguments"), "utf8")).toBe(
    `-C ${scope} -e ${directory} env view regenerate\n`,
  );
});
