// The command line as users type it: help, options, output and exit statuses.

import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadCommands } from "../src/load-commands.js";
import { main } from "../src/main.js";
import { flagsOf } from "./support/parse.js";

const layout = `oci-layout:${fileURLToPath(new URL("../../../tests/fixtures/spack-1.2/oci-layout-main", import.meta.url))}`;

interface RunSettings {
  readonly signal?: AbortSignal;
  readonly columns?: number;
  readonly isTTY?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}

async function run(args: readonly string[], settings: RunSettings = {}) {
  const { signal = new AbortController().signal, columns, isTTY } = settings;
  let stdout = "";
  let stderr = "";
  const status = await main(args, {
    stdout: {
      isTTY,
      columns,
      write(text: string) {
        stdout += text;
      },
    },
    stderr: {
      write(text: string) {
        stderr += text;
      },
    },
    environment: { HOME: "/nonexistent", ...settings.environment },
    signal,
  });
  return { status, stdout, stderr };
}

const commands = await loadCommands([]);

describe("help", () => {
  it("lists the commands and the exit statuses", async () => {
    const { status, stdout, stderr } = await run(["--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const { name } of commands) expect(stdout).toMatch(new RegExp(`^  ${name.split(" ")[0]} `, "m"));
    expect(stdout).toContain(
      "0 success, 1 failure, 2 usage error, 3 not found, 4 access denied,\n5 corrupt data,",
    );
  });

  it.each(commands)("of $name lists exactly its options", async (command) => {
    const { status, stdout } = await run([...command.name.split(" "), "--help"]);
    expect(status).toBe(0);
    const listed = [...stdout.matchAll(/^ {2}(-\S.*?) {2,}\S/gm)].map(([, option]) => option);
    expect(listed).toEqual([...flagsOf(command), "--json", "--json-lines", "-j, --jobs <n>", "-h, --help"]);
    if (stdout.includes("<mirror>"))
      expect(stdout).toMatch(/oci:\/\/HOST\/PATH,\s+oci\+http:\/\/HOST\/PATH\s+or/);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("of a group lists its commands", async () => {
    const { status, stdout } = await run(["mirror", "--help"]);
    expect(status).toBe(0);
    for (const member of ["add", "list", "set", "remove"])
      expect(stdout).toMatch(new RegExp(`^  ${member} `, "m"));
    const bare = await run(["mirror"]);
    expect({ status: bare.status, stdout: bare.stdout }).toEqual({ status: 2, stdout: "" });
    expect(bare.stderr).toContain("Usage: spack-oci mirror <command>");
  });

  it("never takes a password as an argument, and does not repeat it", async () => {
    const { status, stdout, stderr } = await run([
      "mirror",
      "add",
      "--oci-password",
      "hunter2",
      "m",
      "oci://h/c",
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain("--oci-password-variable");
    expect(`${stdout}${stderr}`).not.toContain("hunter2");
  });

  it.each([40, 80, 200])("fits %i columns", async (columns) => {
    for (const name of ["", ...commands.map((command) => command.name)]) {
      const { stdout } = await run([...name.split(" ").filter(Boolean), "--help"], { columns });
      const [usage = "", ...lines] = stdout.split("\n\n");
      expect(usage).toMatch(/^Usage: /);
      // Flags and locations cannot be broken.
      const tooLong = lines
        .join("\n")
        .split("\n")
        .filter((line) => line.length > Math.min(columns, 100));
      expect(tooLong.filter((line) => !/^ *(?:-\S.*|\S+)$|^ {2}\S+ <|^ *--|spack-oci/.test(line))).toEqual(
        [],
      );
    }
  });

  it.each([
    [["help"], "Commands:"],
    [["help", "push"], "Usage: spack-oci push"],
    [["help", "mirror", "rm"], "Usage: spack-oci mirror remove"],
    [["help", "buildcache", "create"], "Usage: spack-oci push"],
    [["buildcache", "--help"], "rebuild-index"],
    [["-e", "tests", "help", "list"], "Usage: spack-oci list"],
  ])("is what %j prints", async (args, text) => {
    expect(await run(args)).toEqual({ status: 0, stderr: "", stdout: expect.stringContaining(text) });
  });

  it.each([
    [["help", "nonsense"], "unknown command 'nonsense'"],
    [["nonsense", "--help"], "unknown command 'nonsense'"],
    [["mirror", "nonsense", "--help"], "unknown command 'nonsense'"],
    [["list", "--nonsense"], "Run 'spack-oci list --help' for usage."],
  ])("of %j is an error", async (args, text) => {
    expect(await run(args)).toEqual({ status: 2, stdout: "", stderr: expect.stringContaining(text) });
  });

  it.each([["push"], ["show", "m"], ["image", "m"], ["mirror", "add"]])(
    "of what is missing has an example: %j %j",
    async (...args) => {
      const { status, stdout, stderr } = await run(args, { columns: 80 });
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toMatch(/Example:\n {2}# .*\n {2}spack-oci /);
      expect(stderr).toContain(`spack-oci ${args[0]}`);
    },
  );

  it("prints the version", async () => {
    expect(await run(["--version"])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});

describe("a word of Spack's", () => {
  it.each([
    [["buildcache", "keys"], "have no GnuPG keys"],
    [["buildcache", "check", "-m", layout], "spack-oci check MIRROR"],
    [["buildcache", "download"], "--root DIR"],
    [["buildcache", "prune", "--signed", layout], "not signed with GnuPG"],
    [["concretize"], "run `spack concretize`"],
    [["install", "zlib", "--source"], "run `spack install`"],
    [["push", layout, "--oci-password", "x"], "--oci-password-variable NAME MIRROR"],
    [["push", layout, "--key", "x"], "not signed with GnuPG"],
  ])("%j is explained", async (args, advice) => {
    const { status, stderr } = await run(args);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(advice) });
  });

  it("keeps the password that follows it to itself", async () => {
    for (const args of [
      ["push", layout, "--oci-password=M4rk3r"],
      ["push", layout, "--oci-password", "M4rk3r"],
    ]) {
      const { stdout, stderr } = await run([...args, "--json"]);
      expect(stdout + stderr).not.toContain("M4rk3r");
      expect(stdout).toContain("--oci-password");
    }
  });
});

// cspell:ignore josn prun delet yess cleen forc
describe("suggestions", () => {
  it.each([
    [["show", layout, "json-c-lit"], "Did you mean json-c-lite?"],
    [["show", layout, "json-c-lite@9"], "It has json-c-lite@0.18."],
  ])("of %j are packages of the mirror", async (args, suggestion) => {
    expect(await run(args)).toMatchObject({ status: 3, stderr: expect.stringContaining(suggestion) });
  });

  it.each([
    [["pul"], "(Did you mean pull?)"],
    [["prun"], "(Did you mean run?)"],
    [["list", layout, "--josn"], "(Did you mean --json?)"],
  ])("of %j are made", async (args, suggestion) => {
    expect((await run(args)).stderr).toContain(suggestion);
    const { error } = JSON.parse((await run([...args, "--json"])).stdout) as { error: { message: string } };
    expect(error.message).toContain(suggestion);
  });

  it.each([
    [["purge"]],
    [["copy", layout, layout, "--delet"]],
    [["copy", layout, layout, "--yess"]],
    [["cache", "--cleen"]],
    [["push", layout, "--forc"]],
  ])("of %j are never what destroys", async (args) => {
    const plain = await run(args);
    expect(plain.status).toBe(2);
    expect(plain.stderr).toMatch(/^error: unknown/);
    expect(plain.stderr).not.toContain("Did you mean");
    expect((await run([...args, "--json"])).stdout).not.toContain("Did you mean");
  });
});

describe("Spack's words", () => {
  it.each([
    [["buildcache", "list", "--allarch"], ["ERR_NO_MIRRORS"]],
    [["install", "zlib"], ["ERR_NO_MIRRORS"]],
    [["install"], ["ERR_USAGE"]],
    [["buildcache", "check-index", layout], []],
    [["buildcache", "sync", layout, "oci-layout:/nonexistent/x", "--dry-run"], []],
    [["buildcache", "update-index", "-y", layout, "--dry-run"], []],
    [["buildcache", "prune", "-k", "/nonexistent/list", layout, "--dry-run"], ["ERR_KEEP_LIST"]],
    [["buildcache", "prune", "--keeplist=/nonexistent/list", layout, "--dry-run"], ["ERR_KEEP_LIST"]],
  ])("%j does the work", async (args, codes) => {
    const { stdout } = await run([...args, "--json"]);
    const answer = JSON.parse(stdout) as { error?: { code: string } };
    expect([answer.error?.code].filter(Boolean)).toEqual(codes);
  });
});

describe("global options", () => {
  it.each([
    [["--json", "list", layout, "json-c-lite"]],
    [["list", layout, "json-c-lite", "--json"]],
    [["list", "--json", layout, "json-c-lite"]],
  ])("stand before and after the command: %j", async (args) => {
    expect(JSON.parse((await run(args)).stdout)).toMatchObject([{ name: "json-c-lite" }]);
  });

  it.each([
    [["mirror", "list", "--spack-root", "/nonexistent"]],
    [["mirror", "list", "-e", "tests"]],
    [["mirror", "list", "-C", "/nonexistent"]],
  ])("choose Spack after the command, too: %j", async (args) => {
    // Without Spack, the user's own mirrors are listed unless an option asks for a Spack.
    expect((await run(["mirror", "list"])).stdout).toMatch(/^No mirrors configured; `spack-oci mirror add/);
    expect(await run(args)).toMatchObject({ status: 3, stderr: expect.stringContaining("spack-oci: ") });
  });

  it("leave a command's own flags alone", async () => {
    // `-v` shows variants, as in Spack; everywhere else it is --verbose.
    expect((await run(["list", layout, "-v", "json-c-lite"])).stdout).toContain("build_system=");
    expect((await run(["check", layout, "-v"])).stderr).toContain("checked ");
    expect((await run(["check", layout])).stderr).not.toContain("checked ");
  });

  it("show progress unless --quiet", async () => {
    expect((await run(["check", layout])).stderr).toContain("21 to do");
    const quiet = await run(["check", "-q", layout]);
    expect(quiet).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining("Checked 20") });
  });

  it.each([
    [["--color", "always"], {}, true],
    [["--color=never"], { FORCE_COLOR: "1" }, false],
    [[], { FORCE_COLOR: "1" }, true],
    [[], { SPACK_COLOR: "always" }, true],
    [[], {}, false],
  ])("%j with %j decide whether a pipe gets colors", async (options, environment, colored) => {
    const { stdout } = await run(["list", layout, ...options], { environment });
    expect(stdout.includes("\x1b[0m")).toBe(colored);
  });

  it("print events and the result as JSON lines", async () => {
    const { stdout, stderr } = await run(["check", layout, "--json-lines"]);
    const lines = stdout.trimEnd().split("\n");
    const documents = lines.map((line) => JSON.parse(line) as { type: string });
    expect(documents.map(({ type }) => type).filter((type) => type === "checked")).toHaveLength(21);
    expect(documents.at(-1)).toMatchObject({ type: "result", status: 0, result: { packages: 20 } });
    expect(stderr).toBe("");
    const failed = await run(["check", "oci-layout:/nonexistent/x", "--json-lines"]);
    const last = JSON.parse(failed.stdout.trimEnd().split("\n").at(-1) ?? "") as object;
    expect(last).toMatchObject({ type: "error", status: 3, error: { code: expect.any(String) } });
  });
});

describe("list", () => {
  it("prints names, with hashes on request", async () => {
    const header = "-- linux-debian12-x86_64_v3 / %c=gcc@12.2.0 ---------------------\n";
    const list = async (...args: string[]) => (await run(["list", layout, ...args])).stdout;
    expect(await list("json-c-lite")).toBe(`${header}json-c-lite@0.18\n`);
    expect(await list("-l", "json-c-lite")).toBe(`${header}exoqmbs json-c-lite@0.18\n`);
    expect(await list("-L", "/exoq")).toBe(`${header}exoqmbsmof5qncjfcc3uyoqikrb3rrpd json-c-lite@0.18\n`);
    expect(await list("--format", "{name} {hash:4}", "json-c-lite")).toBe("json-c-lite exoq\n");
  });

  it("prints nothing but one JSON document to standard output", async () => {
    const { stdout, stderr } = await run(["list", layout, "--json", "json-c-lite"]);
    const hash = "exoqmbsmof5qncjfcc3uyoqikrb3rrpd";
    expect(JSON.parse(stdout)).toMatchObject([{ name: "json-c-lite", version: "0.18", hash }]);
    expect(stderr).toBe("");
  });
});

describe("pull --dry-run", () => {
  const root = "/nonexistent/opt";

  it("applies padding and projections", async () => {
    const args = ["pull", layout, "json-c-lite", "--root", root, "--dry-run"];
    const plain = (await run(args)).stdout;
    expect(plain).toContain(`to ${root}/linux-x86_64_v3/json-c-lite-0.18-exoqmbsmof5qncjfcc3uyoqikrb3rrpd\n`);
    const padded = (await run([...args, "--padded-length", "64"])).stdout;
    expect(padded).toContain(`to ${root}/__spack_path_placeholder__/__spack_path_plac`);
    const projection = ["--projection", "all={name}/{version}", "--projection", "json-c-lite=json/{hash:7}"];
    const projected = (await run([...args, ...projection])).stdout;
    expect(projected).toContain(`to ${root}/json/exoqmbs\n`);
    expect(projected).toContain(`to ${root}/gcc-runtime/12.2.0\n`);
  });

  it("prints its plan as JSON", async () => {
    const { stdout } = await run(["pull", layout, "json-c-lite", "--root", root, "--dry-run", "--json"]);
    const { planned, ...rest } = JSON.parse(stdout) as { planned: { name: string; prefix: string }[] };
    expect(planned.map(({ name }) => name)).toEqual(["gcc-runtime", "json-c-lite"]);
    expect(planned[0]?.prefix).toMatch(/^\/nonexistent\/opt\/linux-x86_64_v3\/gcc-runtime-12\.2\.0-/);
    expect(rest).toEqual({ pulled: [], present: [], failed: [], skipped: [], moduleFiles: [], views: [] });
  });
});

it("shortens padding for people only", async () => {
  const padded = "/opt/__spack_path_placeholder__/__spack_path_placeholder__/linux";
  const { stdout, stderr } = await run(["list", `oci-layout:${padded}`, "--json"]);
  expect(stderr).toContain("/opt/[padded-to-58-chars]/linux");
  expect((JSON.parse(stdout) as { error: { message: string } }).error.message).toContain(padded);
});

it("reports an interruption, whatever error it caused", async () => {
  const { status, stdout, stderr } = await run(
    ["pull", layout, "--root", "/nonexistent/opt", "--json", "--dry-run"],
    { signal: AbortSignal.abort(new Error("interrupted by SIGINT")) },
  );
  expect({ status, stdout }).toEqual({ status: 130, stdout: "" });
  expect(stderr).toBe("spack-oci: interrupted; run the same command again to resume\n");
});

describe("empty arguments", () => {
  it.each([
    [["list", ""], "argument 'mirror'"],
    [["list", layout, ""], "argument 'spec'"],
    [["list", layout, "json-c-lite", " "], "argument 'spec'"],
    [["pull", layout, "json-c-lite", "--root", "", "--dry-run"], "option '--root <dir>'"],
    [["push", layout, "--store", ""], "option '--store <dir>'"],
    [["push", layout, "--exclude", "a", "--exclude", ""], "option '--exclude <spec>'"],
    [["login", "localhost:5000", "--username", ""], "option '-u, --username <name>'"],
  ])("are rejected: %s", async (args, what) => {
    const plain = await run(args);
    expect(plain).toMatchObject({ status: 2, stdout: "" });
    expect(plain.stderr).toContain(`error: ${what} is empty`);
    const programs = await run([...args, "--json"]);
    expect(JSON.parse(programs.stdout)).toMatchObject({ error: { code: "ERR_USAGE" } });
  });
});
