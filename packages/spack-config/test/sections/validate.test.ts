// Errors in configuration files explain how to fix them, and quote no secrets.
// cspell:ignore confg mrrors sined urll

import { isSpackOciError, type SpackOciError, similarWord } from "@spack-oci/errors";
import { describe, expect, it } from "vitest";
import { environmentSchema, sectionSchema } from "../../src/sections/sections.js";
import { unknownSection } from "../../src/sections/unknown-section.js";
import { validate } from "../../src/sections/validate.js";
import { loadYaml } from "../../src/yaml/load.js";

/** The error for a file of a section, or for `spack.yaml`. */
function errorOf(yaml: string, section = "mirrors"): SpackOciError | undefined {
  const schema = section === "spack" ? environmentSchema : sectionSchema(section);
  const value = loadYaml(yaml, "here.yaml");
  if (schema === undefined || value === undefined) throw new Error("no schema or no value");
  try {
    validate(value, schema, { isSpec: () => true, warn() {} });
    return undefined;
  } catch (error) {
    if (isSpackOciError(error)) return error;
    throw error;
  }
}

describe("an unknown key", () => {
  it.each([
    ["mirrors", "mirror: {m: x}", "unexpected key 'mirror'; did you mean 'mirrors'?"],
    ["mirrors", "mirrors: {m: {url: x, sined: false}}", "unexpected key 'sined'; did you mean 'signed'?"],
    [
      "mirrors",
      "mirrors: {m: {push: {urll: x}, url: x}}",
      "push: unexpected key 'urll'; did you mean 'url'?",
    ],
    ["config", "confg: {}", "unexpected key 'confg'; did you mean 'config'?"],
    ["spack", "spack: {mirror: {m: x}}", "unexpected key 'mirror'; did you mean 'mirrors'?"],
    ["spack", "spack: {spec: [zlib]}", "unexpected key 'spec'; did you mean 'specs'?"],
    [
      "packages",
      "packages: {all: {permission: {}}}",
      "unexpected key 'permission'; did you mean 'permissions'?",
    ],
  ])("of %s gets a suggestion: %s", (section, yaml, message) => {
    expect(errorOf(yaml, section)?.message).toContain(message);
  });

  it("without a similar one gets the list of keys", () => {
    expect(errorOf("elsewhere: {}")?.hint).toBe("The keys here are mirrors.");
  });
});

describe("credentials in the file", () => {
  const marker = "gh-M4rk3r";
  it.each([
    ["the old list", `access_pair: [me, ${marker}]`, "secret_variable: NAME"],
    ["a text", `access_pair: ${marker}`, "secret_variable: NAME"],
    ["a list as a variable", `access_pair: {id: me, secret_variable: [${marker}]}`, "secret_variable: NAME"],
    ["a number", "access_pair: {id: me, secret_variable: 4711}", "secret_variable: NAME"],
    [
      "both names",
      `access_pair: {id: ${marker}, id_variable: ${marker}, secret_variable: X}`,
      "secret_variable: NAME",
    ],
    ["no variable", `access_pair: {id: me, secret: ${marker}}`, "secret_variable: NAME"],
    ["the old token", `access_token: ${marker}`, "access_token_variable: NAME"],
    ["a list of tokens", `access_token_variable: [${marker}]`, "access_token_variable: NAME"],
    ["a password", `password: ${marker}`, "secret_variable: NAME"],
  ])("%s: the hint shows the new form", (_, yaml, hint) => {
    for (const file of [`mirrors: {m: {url: x, ${yaml}}}`, `mirrors: {m: {url: x, push: {${yaml}}}}`]) {
      const error = errorOf(file);
      expect(error?.hint).toContain(hint);
      expect(`${error?.message} ${error?.hint}`).not.toContain(marker);
      expect(error?.message).not.toContain("4711");
    }
  });

  it("names the key", () => {
    expect(errorOf("mirrors: {m: {url: x, access_pair: [me, you]}}")?.message).toContain(
      "access_pair: a list of 2 is not of type 'object'",
    );
  });
});

it("an unknown section gets a suggestion", () => {
  expect(unknownSection("mirror").message).toContain("Did you mean mirrors?");
  expect(unknownSection("weather").message).not.toContain("Did you mean");
});

it.each([
  ["mirror", "mirrors"],
  ["Mirrors", undefined],
  ["verify_sll", "verify_ssl"],
  ["mrrors", "mirrors"],
  ["x", undefined],
  ["mirrors", undefined],
  ["configuration", undefined],
])("%s is similar to %s", (word, expected) => {
  expect(similarWord(word, ["config", "mirrors", "verify_ssl", "view"])).toBe(expected);
});
