// Workflows, the action and the examples in docs/ci.md are what GitHub and the command line accept.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { FLAGS, LISTS, VALUES } from "../../packaging/github/command-line.mjs";
import { spackOci } from "../support/command-line.js";
import { onPath } from "../support/on-path.js";
import { scratchDirectory } from "../support/scratch.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string) => readFileSync(join(root, name), "utf8");
const actionlint = onPath("actionlint");
if (actionlint === undefined) console.log("skipped: linting of workflows, because actionlint is not on PATH");

/** Without the indentation that they have in lists. */
const examples = [...read("docs/ci.md").matchAll(/^( *)```yaml\n(.*?)```/gms)].map(
  ([, indent = "", text = ""]) => text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
);
const workflows = examples.filter((text) => /^jobs:/m.test(text) && /^on:/m.test(text));

describe.skipIf(actionlint === undefined)("actionlint accepts", () => {
  function lint(files: readonly string[]): string {
    const directory = scratchDirectory("actionlint");
    mkdirSync(join(directory, ".git"));
    mkdirSync(join(directory, ".github", "workflows"), { recursive: true });
    writeFileSync(join(directory, "action.yml"), read("action.yml"));
    for (const [at, text] of files.entries())
      writeFileSync(join(directory, ".github", "workflows", `${at}.yml`), text);
    const { stdout, stderr } = spawnSync(actionlint ?? "", ["-no-color"], {
      cwd: directory,
      encoding: "utf8",
    });
    return stdout + stderr;
  }

  it("every workflow", () => {
    const names = readdirSync(join(root, ".github/workflows"));
    expect(names).toContain("buildcache.yml");
    expect(lint(names.map((name) => read(`.github/workflows/${name}`)))).toBe("");
  });

  it("a workflow that uses the action, and not one that gives it an unknown input", () => {
    const workflow = (input: string) => `on: push
jobs:
  push:
    runs-on: ubuntu-latest
    steps:
      - uses: ./
        with: { command: push, ${input}: "true" }
`;
    expect(lint([workflow("update-index")])).toBe("");
    expect(lint([workflow("update-indexes")])).toContain('input "update-indexes" is not defined');
  });

  it("the examples in docs/ci.md", () => {
    expect(workflows.length).toBeGreaterThan(1);
    expect(lint(workflows)).toBe("");
  });
});

describe("the inputs of the action", () => {
  const { inputs } = parse(read("action.yml")) as { inputs: Record<string, unknown> };
  const others = ["version", "cache", "command", "mirror", "to", "specs", "username", "token", "args"];

  it("are those that it passes on, and its own", () => {
    expect(Object.keys(inputs).sort()).toEqual([...FLAGS, ...VALUES, ...LISTS, ...others].sort());
  });

  it("have names of options", async () => {
    const commands = ["push", "pull", "copy", "check", "prune", "update-index", "image", "sign"];
    const helps = await Promise.all(
      [[], ...commands.map((name) => [name])].map((words) => spackOci([...words, "--help"])),
    );
    const options = new Set(helps.flatMap(({ stdout }) => stdout.match(/--[a-z-]+/g) ?? []));
    expect([...FLAGS, ...VALUES, ...LISTS].filter((name) => !options.has(`--${name}`))).toEqual([]);
  });

  it("that the examples give exist", () => {
    const given = examples
      .flatMap((text) => [...text.matchAll(/uses: spack-oci\/spack-oci@\S+\n\s+with:\n((?: {10}.*\n)+)/g)])
      .flatMap(([, block = ""]) => [...block.matchAll(/^ {10}([\w-]+):/gm)].map(([, name = ""]) => name));
    expect(given).toContain("command");
    expect(given.filter((name) => !(name in inputs))).toEqual([]);
  });
});

it("the GitLab template is YAML whose scripts are valid shell", () => {
  const template = parse(read("packaging/gitlab/spack-buildcache.gitlab-ci.yml"));
  const { before_script: before, script } = template[".spack-buildcache"];
  const { status, stderr } = spawnSync("bash", ["-n"], {
    input: [...before, ...script].join("\n"),
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
  expect(script.join("\n")).toContain("push --base-image");
});
