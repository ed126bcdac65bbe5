// What users see of uninstall and gc: questions, previews, refusals and JSON.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";
import { prefixNames } from "../support/store-tree.js";

const directory = scratchDirectory("uninstall");
let stores = 0;
let root: string;

beforeEach(async () => {
  stores += 1;
  root = join(directory, String(stores));
  const layout = `oci-layout:${fixture("oci-layout-main")}`;
  expect(await spackOci(["pull", layout, "json-c-lite", "--root", root])).toMatchObject({ status: 0 });
});

const names = () => prefixNames(root).map((name) => name.replace(/-\d.*/, ""));

it("asks, and removes nothing if the answer is no", async () => {
  const questions: string[] = [];
  const answering = (answer: boolean) => ({
    confirm: async (question: string) => {
      questions.push(question);
      return answer;
    },
  });
  const declined = await spackOci(["uninstall", "--root", root, "json-c-lite"], answering(false));
  expect(declined).toMatchObject({ status: 0, stdout: "Nothing was uninstalled.\n" });
  expect(names()).toEqual(["gcc-runtime", "json-c-lite"]);
  const agreed = await spackOci(["uninstall", "--root", root, "json-c-lite"], answering(true));
  expect(agreed).toMatchObject({ status: 0, stdout: "Uninstalled 1 package.\n" });
  expect(names()).toEqual(["gcc-runtime"]);
  expect(questions).toEqual(Array(2).fill("json-c-lite@0.18/exoqmbs\nUninstall 1 package?"));
});

it("removes nothing without a terminal and without --yes", async () => {
  for (const args of [
    ["uninstall", "json-c-lite"],
    ["uninstall", "--all"],
  ]) {
    const { status, stderr } = await spackOci([...args, "--root", root]);
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('Add "--yes"') });
  }
  expect(names()).toEqual(["gcc-runtime", "json-c-lite"]);
});

it("previews", async () => {
  const run = await spackOci(["uninstall", "--root", root, "-R", "gcc-runtime", "--dry-run"]);
  expect(run.stdout).toBe(
    "would uninstall gcc-runtime@12.2.0/mysq6wt\nwould uninstall json-c-lite@0.18/exoqmbs\nWould uninstall 2 packages.\n",
  );
  expect(names()).toEqual(["gcc-runtime", "json-c-lite"]);
});

it("refuses what is needed, and says by what", async () => {
  const run = await spackOci(["uninstall", "--root", root, "-y", "gcc-runtime"]);
  expect(run).toMatchObject({ status: 1, stdout: "" });
  expect(run.stderr).toContain("Refusing to uninstall gcc-runtime@12.2.0/mysq6wt.");
  expect(run.stderr).toContain("json-c-lite@0.18/exoqmbs");
  expect(run.stderr).toContain("--dependents");
});

it("collects what only a removed package needed", async () => {
  await spackOci(["uninstall", "--root", root, "-y", "json-c-lite"]);
  const run = await spackOci(["gc", "--root", root, "-y", "--json"]);
  expect(run).toMatchObject({ status: 0 });
  const removed = run.json<{ removed: { name: string }[] }>().removed.map(({ name }) => name);
  expect(removed).toContain("gcc-runtime");
  expect(names()).toEqual([]);
  expect(await spackOci(["gc", "--root", root, "-y"])).toMatchObject({
    status: 0,
    stdout: "There are no unused packages.\n",
  });
});

it("ends at the first package that cannot be removed, and says what it is", async () => {
  const index = join(root, ".spack-db", "index.json");
  const text = readFileSync(index, "utf8");
  const outside = join(directory, "elsewhere");
  mkdirSync(join(outside, "precious"), { recursive: true });
  const prefix = prefixNames(root).find((name) => name.startsWith("gcc-runtime"));
  writeFileSync(index, text.replace(join(root, "linux-x86_64_v3", prefix ?? ""), outside));
  const run = await spackOci(["uninstall", "--root", root, "-y", "--all", "--json"]);
  expect(run.status).toBe(1);
  expect(run.json()).toMatchObject({
    removed: expect.arrayContaining([expect.objectContaining({ name: "json-c-lite" })]),
    failed: { name: "gcc-runtime", error: { code: "ERR_PREFIX_UNSAFE" } },
  });
  expect(existsSync(join(outside, "precious"))).toBe(true);
  expect(run.stderr).toContain("it is not below");
});
