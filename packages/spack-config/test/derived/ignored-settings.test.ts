// Settings without effect are reported, unless they have none in Spack either.
// cspell:ignore pading

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openSpackInstance } from "../../src/instance/open-spack-instance.js";

const work = mkdtempSync(join(tmpdir(), "spack-oci-ignored-"));
afterAll(() => rmSync(work, { recursive: true }));

const spackRoot = join(work, "spack");
write("lib/spack/spack/__init__.py", '__version__ = "1.2.0"\n');
write("etc/spack/defaults/include.yaml", "include: []\n");

function write(path: string, text: string): string {
  const file = join(spackRoot, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** An instance with this `config:`. */
function withConfig(yaml: string) {
  write("etc/spack/config.yaml", `config:\n  ${yaml}\n`);
  const host = { platform: "linux", os: "debian12", target: { name: "x86_64", family: "x86_64" } };
  return openSpackInstance({ spackRoot, env: { SPACK_DISABLE_LOCAL_CONFIG: "1" }, home: work, host });
}

describe("settings that a pull does not apply", () => {
  it.each([
    ["shared_linking: {bind: true}", /^config:shared_linking:bind is not applied: /],
    ["shared_linking: {missing_library_policy: error}", /missing_library_policy is not applied: /],
    ["shared_linking: {missing_library_policy: warn}", /missing_library_policy is not applied: /],
  ])("%s is one", (yaml, message) => {
    expect(withConfig(yaml).unappliedSettings).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    "shared_linking: {bind: false, missing_library_policy: ignore}",
    "shared_linking: runpath",
    "build_jobs: 3",
  ])("%s changes nothing", (yaml) => expect(withConfig(yaml).unappliedSettings).toEqual([]));
});

describe("a misspelled setting", () => {
  it.each([
    ["verify_sll: false", "config:verify_sll", "verify_ssl"],
    ["install_tree: {pading_length: 3}", "config:install_tree:pading_length", "padded_length"],
    ["shared_linking: {bnd: true}", "config:shared_linking:bnd", "bind"],
    ["flags: {keep_error: none}", "config:flags:keep_error", "keep_werror"],
  ])("%s is reported with its place", (yaml, path, meant) => {
    const file = join(spackRoot, "etc/spack/config.yaml");
    expect(withConfig(yaml).misspelledSettings).toEqual([
      `${file}:2: ${path} is not a setting of Spack, and has no effect; did you mean ${meant}?`,
    ]);
  });

  it.each([
    "verify_ssl: false",
    "fail_fast: true",
    "aliases: {verify_sll: find}",
    "shared_linking: rpath",
    "install_tree: {projections: {al: x}}",
  ])("%s is none", (yaml) => expect(withConfig(yaml).misspelledSettings).toEqual([]));
});
