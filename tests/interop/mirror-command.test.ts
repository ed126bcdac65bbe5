// `spack-oci mirror` leaves the files that `spack mirror` with the same arguments leaves. Without `--scope`, `spack
// mirror remove` writes to all scopes, those of its installation included, so it always has one here.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { describeWithSpack } from "./support/spack.js";

const checkout = process.env["SPACK_TEST_ROOT"] ?? "";

const SOME = `mirrors:
  one: https://one.example
  two:
    url: oci://ghcr.io/x/y
    binary: true
    access_pair:
      id: me
      secret_variable: TOKEN
  three:
    fetch: file:///x
    push:
      url: file:///y
      access_pair:
        id_variable: WHO
        secret_variable: SECRET
`;
const ENVIRONMENT = `spack:
  specs: [zlib]
  view: false
  mirrors:
    one: https://one.example
`;

const scratch: string[] = [];
afterEach(() => {
  for (const directory of scratch.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A home with a user scope and an environment, and the variables that select it. */
function home(before: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(tmpdir(), "spack-oci-mirrors-"));
  scratch.push(directory);
  for (const [file, text] of Object.entries(before)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
  const variables = {
    PATH: process.env["PATH"],
    HOME: directory,
    SPACK_USER_CONFIG_PATH: join(directory, "user"),
    SPACK_SYSTEM_CONFIG_PATH: join(directory, "system"),
    SPACK_USER_CACHE_PATH: join(directory, "cache"),
    SPACK_PYTHON: process.env["SPACK_TEST_PYTHON"],
    SPACK_COLOR: "never",
  };
  return { directory, variables };
}

function files(directory: string): Record<string, string | undefined> {
  const names = ["user/mirrors.yaml", "system/mirrors.yaml", "environment/spack.yaml"];
  const read = (name: string) => {
    const path = join(directory, name);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
  return Object.fromEntries(names.map((name) => [name, read(name)]));
}

async function both(before: Readonly<Record<string, string>>, line: string) {
  const args = line.split(" ");
  const theirs = home(before);
  const ours = home(before);
  const inEnvironment = (directory: string) =>
    args.map((word) => (word === "ENVIRONMENT" ? join(directory, "environment") : word));
  const spack = spawnSync(join(checkout, "bin/spack"), inEnvironment(theirs.directory), {
    env: theirs.variables,
    encoding: "utf8",
  });
  const run = await spackOci(["--spack-root", checkout, ...inEnvironment(ours.directory)], {
    environment: ours.variables,
  });
  return {
    spack: { ok: spack.status === 0, output: spack.stdout, files: files(theirs.directory) },
    ours: { ok: run.status === 0, output: run.stdout, files: files(ours.directory) },
    messages: `${spack.stderr}${run.stderr}`,
  };
}

describeWithSpack("spack-oci mirror", () => {
  const user = { "user/mirrors.yaml": SOME };
  const environment = { "environment/spack.yaml": ENVIRONMENT };

  it.each([
    [{}, "mirror add mochi oci://ghcr.io/mochi-hpc/cache"],
    [user, "mirror add mochi oci://ghcr.io/mochi-hpc/cache"],
    [{}, "mirror add mochi /srv/mirror"],
    [{ "user/mirrors.yaml": "mirrors: {}\n" }, "mirror add mochi https://mirror.example/x"],
    [user, "mirror add --unsigned mochi oci+http://localhost:5000/cache"],
    [user, "mirror add --signed --type binary mochi file:///srv/mirror"],
    [user, "mirror add --type source --type binary --autopush mochi oci://ghcr.io/m/c"],
    [user, "mirror add --oci-username me --oci-password-variable TOKEN mochi oci://ghcr.io/m/c"],
    [user, "mirror add --oci-username-variable WHO --oci-password-variable TOKEN mochi oci://ghcr.io/m/c"],
    [user, "mirror add --oci-username 1_000 --oci-password-variable no 12 oci://ghcr.io/m/c"],
    [user, "mirror add --oci-username true --oci-password-variable ~ 0x1 oci://ghcr.io/m/c"],
    [user, "mirror add --scope system mochi oci://ghcr.io/m/c"],
    [user, "mirror add one oci://ghcr.io/m/c"],
    [user, "mirror remove --scope user one"],
    [user, "mirror remove --scope user three"],
    [{ "user/mirrors.yaml": "mirrors:\n  one: /x\n" }, "mirror remove --scope user one"],
    [{ ...user, "system/mirrors.yaml": SOME }, "mirror remove --scope user one"],
    [{ ...user, "system/mirrors.yaml": SOME }, "mirror remove --scope system two"],
    [user, "mirror remove --scope user none"],
    [user, "mirror set --url https://two.example one"],
    [user, "mirror set --push --url https://two.example one"],
    [user, "mirror set --push --url file:///z three"],
    [user, "mirror set --fetch --url file:///z three"],
    [user, "mirror set --oci-username you two"],
    [user, "mirror set --oci-username-variable YOU two"],
    [user, "mirror set --oci-password-variable SECRET two"],
    [user, "mirror set --push --oci-username you three"],
    [user, "mirror set --fetch --oci-username you --oci-password-variable S three"],
    [user, "mirror set --unsigned --autopush --type source one"],
    [user, "mirror set --no-autopush --signed two"],
    [user, "mirror set --url https://one.example one"],
    [user, "mirror set --url https://x none"],
    [environment, "-e ENVIRONMENT mirror add mochi oci://ghcr.io/m/c"],
    [{ ...environment, ...user }, "-e ENVIRONMENT mirror remove --scope user one"],
    [{ ...environment, ...user }, "-e ENVIRONMENT mirror set --push --url oci://ghcr.io/m/c one"],
    [{ ...environment, ...user }, "-e ENVIRONMENT mirror add --scope user mochi oci://ghcr.io/m/c"],
    [{ "environment/spack.yaml": "spack:\n  specs: []\n" }, "-e ENVIRONMENT mirror add mochi oci://h/c"],
  ])("%j: spack %s", async (before, line) => {
    const { spack, ours, messages } = await both(before, line);
    expect({ ok: ours.ok, files: ours.files }, messages).toEqual({ ok: spack.ok, files: spack.files });
  });

  it.each([
    [user, "mirror list"],
    [{ ...user, "system/mirrors.yaml": "mirrors:\n  longer-name: /z\n" }, "mirror list"],
    [user, "mirror list --scope user"],
    [{ ...environment, ...user }, "-e ENVIRONMENT mirror list"],
  ])("%j: spack %s", async (before, line) => {
    const { spack, ours } = await both(before, line);
    expect(ours.output).toBe(spack.output);
  });

  it("writes files that Spack accepts and keeps all comments", async () => {
    const { directory, variables } = home({ "user/mirrors.yaml": `# mine\n${SOME}# the end\n` });
    const spack = (...args: string[]) =>
      spawnSync(join(checkout, "bin/spack"), args, { env: variables, encoding: "utf8" });
    const add = ["mirror", "add", "--oci-username", "me", "--oci-password-variable", "T", "m", "oci://h/c"];
    await spackOci(["--spack-root", checkout, ...add], { environment: variables });
    const merged = () => spack("config", "get", "mirrors").stdout.replace(/^(\s*#.*)?\n/gm, "");
    const ours = merged();
    cpSync(join(directory, "user/mirrors.yaml"), join(directory, "ours.yaml"));
    writeFileSync(join(directory, "user/mirrors.yaml"), SOME);
    spack(...add);
    expect(ours).toBe(merged());
    expect(ours).toContain("oci://h/c");
    expect(readFileSync(join(directory, "ours.yaml"), "utf8")).toMatch(/^# mine\n[\s\S]*# the end\n$/);
  });
});
