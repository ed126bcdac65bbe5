// Changing mirrors in configuration files: what stays, what is refused, and who may read the result.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSpackOciError } from "@spack-oci/errors";
import { afterEach, beforeEach, expect, it } from "vitest";
import { addMirror, removeMirror, setMirror } from "../../src/edit/edit-mirrors.js";
import { openUserConfiguration } from "../../src/instance/open-spack-instance.js";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "spack-oci-edit-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = () =>
  openUserConfiguration({
    env: {
      SPACK_USER_CONFIG_PATH: join(directory, "user"),
      SPACK_SYSTEM_CONFIG_PATH: join(directory, "system"),
    },
    cwd: directory,
    home: directory,
  });

function write(text: string, scope = "user"): string {
  mkdirSync(join(directory, scope), { recursive: true });
  const file = join(directory, scope, "mirrors.yaml");
  writeFileSync(file, text);
  return file;
}

const read = (scope = "user") => readFileSync(join(directory, scope, "mirrors.yaml"), "utf8");

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (!isSpackOciError(error)) throw error;
    return `${error.code}: ${error.message} ${error.hint}`;
  }
}

const COMMENTED = `# mirrors of our group

mirrors:
  # ask Ann
  one: https://one.example # old
  # two
  two:
    url: "oci://ghcr.io/x/y" # where
    # who
    access_pair:
      id: me # for now
      secret_variable: TOKEN
# end
`;

it("keeps comments, quotes and order when it adds a mirror", () => {
  write(COMMENTED);
  addMirror(open(), { name: "new" }, { url: "oci://h/c" });
  expect(read()).toBe(COMMENTED.replace("  one:", "  new: oci://h/c\n  one:"));
});

it("keeps comments of what it does not change", () => {
  write(COMMENTED);
  setMirror(open(), { name: "two" }, { access_pair: { secret_variable: "T2" } });
  expect(read()).toBe(COMMENTED.replace("TOKEN", "T2"));
  setMirror(open(), { name: "two" }, { url: "oci://h/c" });
  expect(read()).toBe(COMMENTED.replace("TOKEN", "T2").replace('"oci://ghcr.io/x/y"', "oci://h/c"));
});

it("keeps comments around a mirror that it removes", () => {
  write(COMMENTED);
  removeMirror(open(), { name: "two" });
  for (const comment of ["# mirrors of our group", "# ask Ann", "# old", "# end"])
    expect(read()).toContain(comment);
  expect(read()).not.toContain("ghcr.io");
});

it("leaves other sections and an override of the section alone", () => {
  const file = write("mirrors::\n  one: /x\n");
  addMirror(open(), { name: "new" }, { url: "oci://h/c" });
  expect(readFileSync(file, "utf8")).toBe("mirrors::\n  new: oci://h/c\n  one: /x\n");
});

it("makes the file readable only by its owner once it names variables of secrets", () => {
  const mode = () => statSync(join(directory, "user/mirrors.yaml")).mode & 0o777;
  chmodSync(write("mirrors: {}\n"), 0o664);
  addMirror(open(), { name: "public" }, { url: "oci://h/c" });
  expect(mode()).toBe(0o664);
  const access_pair = { id: "me", secret_variable: "TOKEN" };
  addMirror(open(), { name: "private" }, { url: "oci://h/c", access_pair });
  expect(mode()).toBe(0o600);
});

it("does not change who may read a file that several users share", () => {
  const file = write("mirrors: {}\n", "system");
  chmodSync(file, 0o644);
  const access_pair = { id: "me", secret_variable: "TOKEN" };
  addMirror(open(), { name: "private", scope: "system" }, { url: "oci://h/c", access_pair });
  expect(statSync(file).mode & 0o777).toBe(0o644);
});

it("writes through a symbolic link", () => {
  write("mirrors: {}\n", "dotfiles");
  mkdirSync(join(directory, "user"));
  symlinkSync("../dotfiles/mirrors.yaml", join(directory, "user/mirrors.yaml"));
  addMirror(open(), { name: "new" }, { url: "oci://h/c" });
  expect(read("dotfiles")).toBe("mirrors:\n  new: oci://h/c\n");
});

it("changes the user's scope by default, and any other on request", () => {
  expect(addMirror(open(), { name: "new" }, { url: "oci://h/c" })).toEqual({
    scope: "user",
    file: join(directory, "user/mirrors.yaml"),
  });
  addMirror(open(), { name: "new", scope: "system" }, { url: "oci://h/d" });
  expect(read("system")).toBe("mirrors:\n  new: oci://h/d\n");
});

it("removes a mirror from the strongest scope that has it, or from all", () => {
  write("mirrors:\n  one: /user\n");
  write("mirrors:\n  one: /system\n", "system");
  removeMirror(open(), { name: "one" });
  expect([read(), read("system")]).toEqual(["mirrors: {}\n", "mirrors:\n  one: /system\n"]);
  write("mirrors:\n  one: /user\n");
  expect(removeMirror(open(), { name: "one" }, { allScopes: true })).toHaveLength(2);
  expect([read(), read("system")]).toEqual(["mirrors: {}\n", "mirrors: {}\n"]);
});

it("reports that nothing changed, and does not write", () => {
  const file = write("mirrors:\n  one: /x # text that Spack would not write like this:   \n");
  const before = readFileSync(file, "utf8");
  expect(setMirror(open(), { name: "one" }, { url: "/x" })).toBeUndefined();
  expect(readFileSync(file, "utf8")).toBe(before);
});

it("refuses a name that is taken, an unknown name and an unknown scope", () => {
  write("mirrors:\n  one: /x\n", "system");
  write("mirrors:\n  two: /y\n");
  const access_pair = { id: "me" };
  expect(codeOf(() => addMirror(open(), { name: "two" }, { url: "/z" }))).toMatch(
    /^ERR_MIRROR_EXISTS: .*two/,
  );
  expect(codeOf(() => setMirror(open(), { name: "one" }, { url: "/z" }))).toMatch(
    /^ERR_MIRROR_UNKNOWN: .*It is in scope system: add --scope\./,
  );
  expect(codeOf(() => removeMirror(open(), { name: "none" }))).toMatch(/^ERR_MIRROR_UNKNOWN: .*one, two/);
  expect(codeOf(() => addMirror(open(), { name: "x", scope: "site" }, { url: "/z" }))).toMatch(
    /^ERR_CONFIG_SCOPE: .*user, system/,
  );
  expect(codeOf(() => addMirror(open(), { name: "x" }, { url: "/z", access_pair }))).toMatch(
    /^ERR_MIRROR_ACCESS: .*--oci-password-variable/,
  );
});

it("refuses a file that is not valid, and leaves it alone", () => {
  for (const [text, code] of [
    ["mirrors: [\n", "ERR_CONFIG_FILE"],
    ["mirrors:\n  one: {signed: maybe}\n", "ERR_CONFIG_FORMAT"],
  ] as const) {
    const file = write(text);
    expect(codeOf(() => addMirror(open(), { name: "new" }, { url: "/z" }))).toContain(code);
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(readdirSync(join(directory, "user"))).toEqual(["mirrors.yaml"]);
  }
});

it("names the file that it cannot write", () => {
  writeFileSync(join(directory, "user"), "a file where the directory should be");
  expect(codeOf(() => addMirror(open(), { name: "new" }, { url: "/z" }))).toMatch(
    /^ERR_CONFIG_FILE: Could not write .*user\/mirrors\.yaml \(E\w+\)\. Choose another scope/,
  );
  expect(existsSync(join(directory, "system"))).toBe(false);
});
