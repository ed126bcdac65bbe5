// The image of packaging/Containerfile runs the command as a user without rights, and is small.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { onPath } from "../support/on-path.js";
import { scratchDirectory } from "../support/scratch.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const home = scratchDirectory("container");
const executable = join(home, "context", "dist", `spack-oci-linux-${process.arch}`);

/** A build in a sandbox that may not use namespaces. */
const BUILDAH = ["--root", join(home, "storage"), "--runroot", join(home, "run"), "--storage-driver", "vfs"];

function buildah(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("buildah", [...BUILDAH, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`buildah ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
  return stdout.trim();
}

function missing(): string | undefined {
  if (onPath("buildah") === undefined) return "buildah is missing";
  if (process.getuid?.() !== 0) return "only root can build without namespaces";
  const script = join(repository, "scripts", "executable.mjs");
  const made = spawnSync(process.execPath, [script, "--output", dirname(executable)], { encoding: "utf8" });
  return made.status === 0
    ? undefined
    : `the executable cannot be made: ${made.stderr.trim().split("\n").at(-1)}`;
}
const reason = missing();
if (reason !== undefined) console.log(`container.test.ts: skipped, because ${reason}`);

/** The tools of the Containerfile, which would come from Debian's image; registries cannot be reached in tests. */
function makeSystemImage(): void {
  const root = join(home, "system");
  const tools = ["sh", "mkdir", "chmod", "chown", "cp", "grep", "ldd", "bash"].map(
    (name) => onPath(name) ?? name,
  );
  const libraries = new Set<string>();
  for (const file of [...tools, executable]) {
    const { stdout } = spawnSync("ldd", [file], { encoding: "utf8" });
    for (const [library] of stdout.matchAll(/\/\S+/g)) libraries.add(library);
  }
  for (const library of libraries) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    cpSync(realpathSync(library), join(root, library));
  }
  for (const name of ["bin", "tmp"]) mkdirSync(join(root, name));
  for (const tool of tools) cpSync(realpathSync(tool), join(root, "bin", basename(tool)));
  const container = buildah("from", "scratch");
  buildah("copy", container, root, "/");
  buildah("config", "--env", "PATH=/bin", container);
  buildah("commit", container, "localhost/system");
}

describe.skipIf(reason !== undefined)("the image", () => {
  beforeAll(() => {
    makeSystemImage();
    const args = ["SYSTEM=localhost/system", `EXECUTABLE=dist/spack-oci-linux-${process.arch}`];
    buildah(
      ...["build", "--isolation", "chroot", "--file", join(repository, "packaging", "Containerfile")],
      ...[...args.flatMap((each) => ["--build-arg", each]), "--tag", "spack-oci", join(home, "context")],
    );
  }, 300_000);

  it("starts the command, as a user without rights", () => {
    const { OCIv1: image } = JSON.parse(buildah("inspect", "--type", "image", "spack-oci"));
    expect(image.config).toMatchObject({ User: "1000:1000", Entrypoint: ["/usr/local/bin/spack-oci"] });
    const container = buildah("from", "spack-oci");
    const help = buildah(
      "run",
      "--isolation",
      "chroot",
      container,
      "--",
      "/usr/local/bin/spack-oci",
      "--help",
    );
    expect(help).toContain("pull");
    const where = buildah(
      "run",
      "--isolation",
      "chroot",
      container,
      "--",
      "/usr/local/bin/spack-oci",
      "cache",
    );
    expect(where).toContain("/home/spack-oci/.cache");
  }, 120_000);

  it("has less than 130 MB, in files that it needs", () => {
    const mounted = buildah("mount", buildah("from", "spack-oci"));
    const size = Number(spawnSync("du", ["-sb", mounted], { encoding: "utf8" }).stdout.split("\t")[0]);
    expect(size).toBeLessThan(130e6);
    expect(readdirSync(join(mounted, "usr", "local", "bin"))).toEqual(["spack-oci"]);
  }, 120_000);
});
