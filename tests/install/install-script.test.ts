// packaging/install.sh installs the executable of a release after checking it, in every shell.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { serveFiles } from "../support/file-server.js";
import { onPath } from "../support/on-path.js";
import { scratchDirectory } from "../support/scratch.js";

const script = readFileSync(fileURLToPath(new URL("../../packaging/install.sh", import.meta.url)), "utf8");
const release = scratchDirectory("release");
const home = scratchDirectory("home");
const command = join(home, ".local", "bin", "spack-oci");
const NAME = `spack-oci-${process.platform}-${process.arch}`;
const PROGRAM = "#!/bin/sh\necho 1.2.3\n";

const SHELLS = [["dash"], ["busybox", "sh"], ["bash"]].filter(([name = ""]) => onPath(name) !== undefined);
if (SHELLS.length < 3)
  console.log(
    `install-script.test.ts: only with ${SHELLS.map(([name]) => name).join(" and ")}; others are missing`,
  );

/** A release whose executable is a shell script: what it does is the matter of executable.test.ts. */
function writeRelease(program: string, digest = createHash("sha256").update(program).digest("hex")): void {
  writeFileSync(join(release, NAME), program);
  writeFileSync(join(release, `${NAME}.sha256`), `${digest}  ${NAME}\n`);
}

/** Runs the script as `curl ... | sh` does. */
function install(environment: NodeJS.ProcessEnv, [shell = "sh", ...args]: readonly string[] = []) {
  const child = spawn(shell, args, {
    env: { PATH: process.env["PATH"], HOME: home, SPACK_OCI_URL: `file://${release}`, ...environment },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  child.stdin.end(script);
  return new Promise<{ status: number | null; output: string }>((resolve, reject) => {
    child.once("error", reject).once("close", (status) => resolve({ status, output }));
  });
}

/** A directory with these programs alone, as a PATH. */
function pathOf(...names: string[]): string {
  const directory = join(home, "path");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  for (const name of names) symlinkSync(onPath(name) ?? `/nonexistent/${name}`, join(directory, name));
  return directory;
}

const USED = ["sh", "uname", "find", "grep", "cp", "cut", "mkdir", "mktemp", "rm", "mv", "chmod"];

beforeEach(() => {
  rmSync(join(home, ".local"), { recursive: true, force: true });
  writeRelease(PROGRAM);
});

describe("install.sh", () => {
  it.each(SHELLS)("installs from a directory with %s", async (...shell) => {
    const { status, output } = await install({}, shell);
    expect({ status, output }).toEqual({
      status: 0,
      output: expect.stringContaining(`Installed spack-oci 1.2.3 as ${command}`),
    });
    expect(output).toContain(`Add ${home}/.local/bin to PATH`);
    expect(statSync(command).mode & 0o777).toBe(0o755);
    expect(readdirSync(join(home, ".local", "bin"))).toEqual(["spack-oci"]);
  });

  it.each(["curl", "wget"].filter((name) => onPath(name)))("installs from a server with %s", async (name) => {
    const server = await serveFiles(release);
    const PATH = pathOf(...USED, "sha256sum", name);
    expect(await install({ SPACK_OCI_URL: server.url, PATH })).toMatchObject({ status: 0 });
    expect(readFileSync(command, "utf8")).toBe(PROGRAM);
    await server.close();
  });

  it("installs elsewhere, and replaces an older version", async () => {
    const environment = { SPACK_OCI_PREFIX: join(home, "elsewhere") };
    await install(environment);
    writeRelease("#!/bin/sh\necho 1.2.4\n");
    expect((await install(environment)).output).toContain("Installed spack-oci 1.2.4");
    expect(readdirSync(join(home, "elsewhere", "bin"))).toEqual(["spack-oci"]);
  });

  it("keeps the old version if the download is not what was released", async () => {
    await install({});
    writeRelease("#!/bin/sh\necho bad\n", "0".repeat(64));
    const { status, output } = await install({});
    expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining("its SHA-256 is") });
    expect(readFileSync(command, "utf8")).toBe(PROGRAM);
    expect(readdirSync(join(home, ".local", "bin"))).toEqual(["spack-oci"]);
  });

  it.each([
    [
      "the release is missing",
      { SPACK_OCI_URL: "file:///nonexistent" },
      "Cannot download file:///nonexistent/",
    ],
    ["nobody answers", { SPACK_OCI_URL: "http://127.0.0.1:1" }, "Cannot download http://127.0.0.1:1/"],
    ["the prefix cannot be written", { SPACK_OCI_PREFIX: "/proc" }, "Set SPACK_OCI_PREFIX"],
    ["there is no home", { HOME: undefined }, "Set HOME or SPACK_OCI_PREFIX"],
  ])("explains itself if %s", async (_, environment, message) => {
    const { status, output } = await install(environment);
    expect({ isZero: status === 0, output }).toEqual({
      isZero: false,
      output: expect.stringContaining(message),
    });
  });

  it.each([
    ["it cannot be checked", () => ({ PATH: pathOf(...USED) }), "Neither sha256sum nor shasum"],
    [
      "it cannot be downloaded",
      () => ({ PATH: pathOf(...USED, "sha256sum"), SPACK_OCI_URL: "http://127.0.0.1:1" }),
      "Neither curl nor wget",
    ],
  ])("names the missing tool if %s", async (_, environment, message) => {
    const { status, output } = await install(environment());
    expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining(message) });
  });

  it("explains that the executable does not run on an older system", async () => {
    writeRelease('#!/bin/sh\necho "version GLIBC_2.28 not found" >&2\nexit 1\n');
    const { status, output } = await install({});
    expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining("It needs glibc 2.28") });
    expect(readdirSync(join(home, ".local", "bin"))).toEqual([]);
  });
});
