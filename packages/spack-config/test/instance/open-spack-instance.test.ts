// Instances that the configuration stacks do not cover: older ones, and remote includes.

import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hashText, textOf } from "@spack-oci/spack-spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireCredentials } from "../../src/derived/mirrors.js";
import { type OpenSpackOptions, openSpackInstance } from "../../src/instance/open-spack-instance.js";

let work: string;
const host = { platform: "linux", os: "debian12", target: { name: "x86_64_v3", family: "x86_64" } };

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), "spack-oci-open-"));
  write("spack/lib/spack/spack/__init__.py", '__version__ = "0.23.1"\n');
});
afterEach(() => rmSync(work, { recursive: true }));

describe("an instance without include.yaml", () => {
  it("has the fixed scopes of Spack before 1.1, each with its platform", () => {
    const names = open({}).configuration.scopes.map(({ name }) => name);
    const expected = ["defaults", "system", "site", "user"].flatMap((name) => [
      name,
      `${name}/${process.platform}`,
    ]);
    expect(names).toEqual(["_builtin", ...expected, "command_line"]);
  });

  it("prefers the user scope to site and system", () => {
    for (const [scope, jobs] of [
      ["system", 1],
      ["spack/etc/spack", 2],
      ["user", 3],
    ]) {
      write(`${scope}/config.yaml`, `config:\n  build_jobs: ${jobs}\n`);
    }
    expect(open({}).configuration.get("config:build_jobs")).toMatchObject({ value: 3 });
    const env = { SPACK_DISABLE_LOCAL_CONFIG: "" };
    expect(open({ env }).configuration.get("config:build_jobs")).toMatchObject({ value: 2 });
  });

  it("uses the projection of Spack before 1.0", () => {
    expect(open({}).installTree.projections.get("all")).toContain("{compiler.name}-{compiler.version}");
  });
});

describe("an include of a URL", () => {
  const content = "config:\n  build_jobs: 5\n";
  const sha256 = createHash("sha256").update(content).digest("hex");

  beforeEach(() => {
    write("spack/etc/spack/defaults/include.yaml", "include: []\n");
    const include = `- path: https://h.example.org/x/a.yaml\n  sha256: ${sha256}\n`;
    write("spack/etc/spack/include.yaml", `include:\n${include}`);
  });

  it("is read from Spack's cache", () => {
    write(`home/.spack/includes/${sha256}/a.yaml`, content);
    expect(open({}).configuration.get("config:build_jobs")).toMatchObject({ value: 5 });
  });

  it("is rejected if it is missing or changed", () => {
    const refused = expect.objectContaining({ code: "ERR_CONFIG_INCLUDE_REMOTE" });
    expect(() => open({})).toThrow(refused);
    write(`home/.spack/includes/${sha256}/a.yaml`, `${content}# more\n`);
    expect(() => open({})).toThrow(refused);
  });
});

describe("an include of a git repository", () => {
  const repository = "https://h.example.org/configs.git";

  beforeEach(() => {
    write("spack/etc/spack/defaults/include.yaml", "include: []\n");
    const include = `- git: ${repository}\n  branch: main\n  paths: [a.yaml, sub]\n`;
    write("spack/etc/spack/include.yaml", `include:\n${include}`);
  });

  it("is read from Spack's clone, the first path being the strongest", () => {
    const clone = `home/.spack/includes/${hashText(repository).slice(-7)}`;
    write(`${clone}/.git/HEAD`, "ref: refs/heads/main\n");
    write(`${clone}/a.yaml`, "config:\n  build_jobs: 5\n");
    write(`${clone}/sub/config.yaml`, "config:\n  build_jobs: 6\n  ccache: true\n");
    const { configuration } = open({});
    expect(configuration.get("config:build_jobs")).toMatchObject({ value: 5 });
    expect(configuration.get("config:ccache")).toMatchObject({ value: true });
  });

  it("is rejected if Spack has not cloned it", () => {
    expect(() => open({})).toThrow(expect.objectContaining({ code: "ERR_CONFIG_INCLUDE_REMOTE" }));
  });

  it("is rejected without a branch, commit or tag", () => {
    write("spack/etc/spack/include.yaml", `include:\n- git: ${repository}\n  paths: [x]\n`);
    expect(() => open({})).toThrow(expect.objectContaining({ code: "ERR_CONFIG_INCLUDE" }));
  });
});

it("expands toolchains in the specs of an environment", () => {
  const toolchain =
    "  toolchains:\n    plain: '%gcc'\n    both:\n    - spec: '%c=gcc'\n    - spec: '%cxx=gcc'\n      when: '%cxx'\n";
  write("env/spack.yaml", `spack:\n  specs: [zlib %plain, zlib %both]\n${toolchain}`);
  const specs = open({ environment: join(work, "env") }).environment?.userSpecs.map(textOf);
  expect(specs?.[0]).toBe("zlib %gcc");
  expect(specs?.[1]).toContain("%c=gcc");
});

it("finds the target of this machine in the instance's own table", () => {
  const features = { from: [], vendor: "generic", features: [] };
  const table = {
    microarchitectures: { x86_64: features, aarch64: features, ppc64le: features, riscv64: features },
  };
  write("spack/lib/spack/external/archspec/json/cpu/microarchitectures.json", JSON.stringify(table));
  const { paths } = openSpackInstance({ spackRoot: join(work, "spack"), env: {}, home: work, cwd: work });
  expect(paths.host().target).toEqual({
    name: paths.host().target.family,
    family: paths.host().target.family,
  });
  expect(paths.host().platform).toBe(process.platform);
});

it("rejects an include whose path is set to an empty variable", () => {
  write("spack/etc/spack/defaults/include.yaml", "include: []\n");
  const include = "- path: x\n  optional: true\n  path_override_env_var: SPACK_USER_CONFIG_PATH\n";
  write("spack/etc/spack/include.yaml", `include:\n${include}`);
  const refused = expect.objectContaining({ code: "ERR_CONFIG_INCLUDE" });
  expect(() => open({ env: { SPACK_USER_CONFIG_PATH: "" } })).toThrow(refused);
});

it("reports missing variables of the credentials of a mirror", () => {
  const pair = "access_pair: {id_variable: WHO, secret_variable: WORD}";
  write("user/mirrors.yaml", `mirrors:\n  m:\n    url: oci://h.example.org/x\n    push: {${pair}}\n`);
  const [mirror] = open({ env: { WHO: "me" } }).mirrors();
  if (mirror === undefined) throw new Error("no mirror");
  expect(mirror.connection("push").missingVariables).toEqual(["WORD"]);
  expect(() => requireCredentials(mirror, "fetch")).not.toThrow();
  const denied = expect.objectContaining({ code: "ERR_MIRROR_CREDENTIALS", kind: "denied" });
  expect(() => requireCredentials(mirror, "push")).toThrow(denied);
});

it.each([
  "access_pair: {id: me, secret_variable: %}",
  "access_pair: {id_variable: %, secret_variable: WORD}",
  "access_token_variable: %",
])("never shows the name of a variable that looks like the password itself (%s)", (credentials) => {
  for (const secret of [
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "correct-horse",
    "hunter",
    "AKIA5EXAMPLE77",
  ]) {
    const url = "oci://h.example.org/x";
    write("user/mirrors.yaml", `mirrors:\n  m:\n    url: ${url}\n    ${credentials.replace("%", secret)}\n`);
    const [mirror] = open({ env: {} }).mirrors();
    if (mirror === undefined) throw new Error("no mirror");
    let error: unknown;
    try {
      requireCredentials(mirror, "push");
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      code: "ERR_MIRROR_CREDENTIALS",
      message: expect.stringContaining("looks like the password itself"),
      hint: expect.stringContaining("names of environment variables"),
    });
    expect(JSON.stringify(error) + String(error)).not.toContain(secret);
  }
});

it("inspects the default directories if nothing is configured", () => {
  expect(open({}).prefixInspections.get("lib64/pkgconfig")).toEqual(["PKG_CONFIG_PATH"]);
});

it("ignores SPACK_ENV without an environment", () => {
  write("env/spack.yaml", "spack:\n  specs: [zlib]\n");
  const env = { SPACK_ENV: join(work, "env") };
  expect(open({ env }).environment?.name).toBe(join(work, "env"));
  expect(open({ env, withoutEnvironment: true }).environment).toBeUndefined();
});

it("reports an environment that is not concretized", () => {
  write("env/spack.yaml", "spack:\n  specs: [zlib]\n");
  const { environment } = open({ environment: join(work, "env") });
  expect(environment?.lockfile).toBeUndefined();
  const notConcrete = expect.objectContaining({ code: "ERR_ENVIRONMENT_NOT_CONCRETE", kind: "not-found" });
  expect(() => environment?.roots).toThrow(notConcrete);
});

function write(path: string, text: string): void {
  const file = join(work, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function open(options: OpenSpackOptions) {
  const env = {
    SPACK_USER_CONFIG_PATH: join(work, "user"),
    SPACK_SYSTEM_CONFIG_PATH: join(work, "system"),
    ...options.env,
  };
  return openSpackInstance({
    spackRoot: join(work, "spack"),
    home: join(work, "home"),
    cwd: work,
    host,
    ...options,
    env,
  });
}
