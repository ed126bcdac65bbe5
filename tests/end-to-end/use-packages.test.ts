// What was pulled can be used without Spack: in a shell, as a program, or as one tree.

import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { main } from "spack-oci";
import { beforeAll, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { buildCommand, runShell, startCommand } from "../support/command-process.js";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";

const MIRROR = `oci-layout:${fixture("oci-layout-main")}`;

/** Packages for any machine. */
const ANY = "--allarch";

beforeAll(() => buildCommand(), 120_000);

/** A store of its own for each kind of root. */
const TREES: readonly (readonly [string, readonly string[]])[] = [
  ["a plain root", []],
  ["a padded root", ["--padded-length", "120"]],
  ["a root with its own projections", ["--projection", "all={name}/{version}-{hash:7}"]],
];

describe.each(TREES)("packages in %s", (_, options) => {
  const scratch = scratchDirectory("use");
  const root = join(scratch, "root");
  const view = join(scratch, "view");
  const file = join(scratch, "use it.sh");

  beforeAll(async () => {
    const { status, stderr, stdout } = await spackOci([
      ...["pull", MIRROR, "bedrock-lite", "tricky-names", ANY, "--root", root, ...options],
      ...["--view", view, "--env-script", file],
    ]);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(`Wrote ${file}.`);
    expect(stdout).not.toContain("Next:");
  }, 120_000);

  it("are usable in a shell, with the environment of a file or of a command", async () => {
    const states = async (load: string) => {
      const { stdout, stderr } = await runShell(
        `unset -f $(compgen -A function); ${load}; env -0 | sort -z | tr '\\0' '\\n' | grep -v '^\\(_\\|SHLVL\\|SPACK_OCI\\)='; thallium-info; mochi-nothing`,
        { ROOT: root, FILE: file, CMAKE_PREFIX_PATH: "/already:/here", MANPATH: "" },
      );
      expect(stderr).toContain("mochi-nothing");
      return stdout.replace(/^(ROOT|FILE)=.*\n/gm, "");
    };
    const evaluated = await states(`eval "$($SPACK_OCI env bedrock-lite tricky-names --root "$ROOT")"`);
    expect(await states(`. "$FILE"`)).toBe(evaluated);
    expect(evaluated).toMatch(/^BEDROCK_HOME=\/.*bedrock-lite/m);
    expect(evaluated).toMatch(/^CMAKE_PREFIX_PATH=\/.*tricky-names.*:\/already:\/here$/m);
    const [paths = ""] = /^CMAKE_PREFIX_PATH=.*$/m.exec(evaluated) ?? [];
    expect(paths.includes("__spack_path_placeholder__")).toBe(options.includes("120"));
  });

  it("run programs", async () => {
    const run = startCommand(["run", "bedrock-lite", "--root", root, "--", "bedrock-run", "a b", "--json"]);
    const { status, stdout, stderr } = await run.ended;
    expect(status, stderr).toBe(0);
    expect(stdout).not.toBe("");
  });

  it("are in the view", async () => {
    const program = await runShell(`"$VIEW/bin/thallium-info"`, { VIEW: view });
    expect(program.status, program.stderr).toBe(0);
    expect(existsSync(join(view, ".spack/bedrock-lite/spec.json"))).toBe(true);
    const again = await spackOci(["view", view, "tricky-names", "--root", root]);
    expect(again.stdout).toMatch(/^Added 0 packages to .*; \d+ already present\.$/m);
    const copy = await spackOci(["view", `${view}-copy`, "mochi-scripts", "--root", root, "--link", "copy"]);
    expect(copy.status, copy.stderr).toBe(0);
    expect(readFileSync(`${view}-copy/bin/short`, "utf8")).not.toContain(root);
  });
});

describe("run", () => {
  const data = scratchDirectory("use");
  const environment = { XDG_DATA_HOME: data, SPACK_OCI_CACHE: join(data, "cache") };
  const run = (...args: string[]) => startCommand(["run", ...args], environment);

  it("pulls from a mirror into the user's own store, and only says so once", async () => {
    const first = await run(MIRROR, "libfabric-lite@1.22.0", ANY, "--", "fi_info").ended;
    expect(first.status, first.stderr).toBe(0);
    expect(first.stderr).toContain("libfabric-lite");
    expect(readdirSync(join(data, "spack-oci"))).toContain(".spack-db");
    const second = await run(MIRROR, "libfabric-lite@1.22.0", ANY, "--", "fi_info").ended;
    expect(second).toMatchObject({ status: 0, stdout: first.stdout, stderr: "" });
    const offline = await run("libfabric-lite", "--", "fi_info").ended;
    expect(offline).toMatchObject({ status: 0, stdout: first.stdout, stderr: "" });
  });

  it("takes the package that the mirror has, even if the store has others of its name", async () => {
    const other = await run(MIRROR, "libfabric-lite@1.21", ANY, "--", "sh", "-c", "command -v fi_info").ended;
    expect(other.stdout, other.stderr).toContain("libfabric-lite-1.21.1");
    const ambiguous = await run("libfabric-lite", "--", "fi_info").ended;
    expect(ambiguous.status).toBe(2);
    expect(ambiguous.stderr).toContain("matches 2 packages");
  });

  it("passes on arguments and the exit status", async () => {
    const script = 'printf "[%s]" "$@"; exit 42';
    const words = ["sh", "-c", script, "name", "", "a b", "--", "--root", "-j"];
    const { status, stdout, stderr } = await run("libfabric-lite@1.22.0", "--", ...words).ended;
    expect({ status, stdout, stderr }).toEqual({ status: 42, stdout: "[][a b][--][--root][-j]", stderr: "" });
  });

  it("ends like the shell for programs that do not exist, or cannot be started", async () => {
    const missing = await run("libfabric-lite@1.22.0", "--", "no-such-program").ended;
    expect(missing).toMatchObject({ status: 127, stderr: expect.stringContaining("no-such-program") });
    const directory = await run("libfabric-lite@1.22.0", "--", "/").ended;
    expect(directory).toMatchObject({ status: 126, stderr: expect.stringContaining("EACCES") });
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const)("forwards %s", async (signal) => {
    const name = signal.slice(3);
    const script = `trap 'echo got ${name}; exit 7' ${name}; echo ready; while :; do sleep 0.05; done`;
    const process = run("libfabric-lite@1.22.0", "--", "sh", "-c", script);
    process.child.stdout?.once("data", () => process.child.kill(signal));
    expect(await process.ended).toMatchObject({ status: 7, stdout: `ready\ngot ${name}\n`, stderr: "" });
  });

  it("ends by the signal that ended the program", async () => {
    const process = run("libfabric-lite@1.22.0", "--", "sh", "-c", "kill -TERM $$");
    expect(await process.ended).toMatchObject({ status: null, signal: "SIGTERM", stderr: "" });
    const killed = run("libfabric-lite@1.22.0", "--", "sh", "-c", "kill -KILL $$");
    expect(await killed.ended).toMatchObject({ status: 137, signal: null });
  });

  it.each([
    [["libfabric-lite"], "No program to run."],
    [["libfabric-lite", "--"], "No program to run."],
    [["--", "true"], "No package named."],
    [["libfabric-lite", "--json", "--", "true"], "no JSON document"],
  ])("rejects %j", async (words, message) => {
    const { status, stderr } = await run(...words).ended;
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) });
  });
});

describe("env without Spack", () => {
  const root = join(scratchDirectory("use"), "root");
  const env = (...args: string[]) => spackOci(["env", "--root", root, ...args]);

  beforeAll(async () => {
    const { status, stderr } = await spackOci(["pull", MIRROR, "bedrock-lite", ANY, "--root", root]);
    expect(status, stderr).toBe(0);
  }, 120_000);

  it("prints JSON, and lines for GitHub Actions", async () => {
    const { variables, packages } = (await env("bedrock-lite", "--json")).json<{
      variables: Record<string, string>;
      packages: { name: string }[];
    }>();
    expect(packages).toMatchObject([{ name: "bedrock-lite" }]);
    const { stdout } = await env("bedrock-lite", "--github");
    expect(stdout.trim().split("\n")).toEqual(
      Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    );
  });

  it.each([
    [["zlib"], 3, "is not in the store"],
    [[], 2, "No package named."],
    [["bedrock-lite", "--csh", "--fish"], 2, "contradict"],
    [["--unload", "bedrock-lite"], 3, "is not in the store"],
  ])("rejects %j", async (args, status, message) => {
    expect(await env(...args)).toMatchObject({ status, stderr: expect.stringContaining(message) });
  });

  it("names the recipes that only Spack can run", async () => {
    const found = await spackOci(["find", "data-lite", "--root", root, "--format", "{prefix}"]);
    const recipe = join(
      found.stdout.trim(),
      ".spack/repos/spack_repo/mochi_lite/packages/data_lite/package.py",
    );
    appendFileSync(recipe, "\n    def setup_run_environment(self, env):\n        env.set('X', compute())\n");
    const { status, stderr } = await env("bedrock-lite");
    expect(status).toBe(0);
    expect(stderr).toMatch(/warning: The environment may lack variables .* data-lite@git.main=1.0/);
  });
});

describe("pull", () => {
  const scratch = scratchDirectory("use");
  const root = join(scratch, "root");

  it("checks that the file can be written before anything is pulled", async () => {
    const file = join(scratch, "missing/use.sh");
    const run = await spackOci(["pull", MIRROR, "data-lite", ANY, "--root", root, "--env-script", file]);
    expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining("missing/use.sh") });
    expect(existsSync(root)).toBe(false);
  });

  it("shows people at a terminal what to type next", async () => {
    const lines: string[] = [];
    const stdout = { isTTY: true, columns: 80, write: (text: string) => lines.push(text) };
    const own = `${root}-of-terminal`;
    const status = await main(["pull", MIRROR, "data-lite", ANY, "--root", own], {
      stdout,
      stderr: { write() {} },
      environment: { HOME: "/nonexistent" },
      signal: new AbortController().signal,
    });
    expect(status).toBe(0);
    expect(lines.at(-1)).toBe(`Next: eval "$(spack-oci env data-lite/li7gaie --root ${own})"\n`);
  });

  it("reports a view that cannot be made, and what was pulled", async () => {
    const view = join(scratch, "view");
    mkdirSync(join(view, "share/data-lite/table.csv"), { recursive: true });
    const args = ["pull", MIRROR, "data-lite", ANY, "--root", root, "--view", view];
    const run = await spackOci([...args, "--json"]);
    expect(run.status).toBe(1);
    expect(run.json()).toMatchObject({
      pulled: [{ name: "data-lite" }],
      view: { error: { code: "ERR_VIEW_CONFLICT" } },
    });
    expect(readdirSync(view)).toEqual(["share"]);
    expect(statSync(join(view, "share/data-lite/table.csv")).isDirectory()).toBe(true);
  });
});
