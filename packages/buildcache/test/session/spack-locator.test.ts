// When a Spack instance is optional, and when its absence is an error.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSession } from "../../src/session/session.js";
import { type FindSpackOptions, SpackLocator } from "../../src/session/spack-locator.js";

const NO_SPACK = { PATH: "/nonexistent", HOME: "/nonexistent" };

function locator(options: Partial<FindSpackOptions> = {}): SpackLocator {
  return new SpackLocator({ environmentVariables: NO_SPACK, ...options }, undefined);
}

describe("on a machine without Spack", () => {
  it("there is no instance, environment or prefix", () => {
    const spack = locator();
    expect(spack.instanceIfAny).toBeUndefined();
    expect(spack.environment).toBeUndefined();
    expect(spack.prefix).toBeUndefined();
    expect(() => spack.instance).toThrow(expect.objectContaining({ code: "ERR_SPACK_NOT_FOUND" }));
  });

  it.each([
    [{ configScopes: ["/nonexistent/scope"] }],
    [{ commandLine: ["config:x:1"] }],
    [{ environment: "mine" }],
    [{ environmentDirectory: "/nonexistent/env" }],
    [{ environmentVariables: { ...NO_SPACK, SPACK_ENV: "/nonexistent/env" } }],
  ])("%j is an error rather than ignored", (options) => {
    expect(() => locator(options).instanceIfAny).toThrow(
      expect.objectContaining({ code: "ERR_SPACK_NOT_FOUND" }),
    );
  });

  it("an environment is ignored on request", () => {
    const environmentVariables = { ...NO_SPACK, SPACK_ENV: "/nonexistent/env" };
    const spack = locator({ environmentVariables, withoutEnvironment: true });
    expect(spack.environment).toBeUndefined();
    expect(spack.instanceIfAny).toBeUndefined();
  });

  it("the user's mirrors have their names", () => {
    const directory = mkdtempSync(join(tmpdir(), "spack-oci-user-scope-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, "mirrors.yaml"), "mirrors:\n  mochi: oci://localhost:5000/mochi\n");
    const environmentVariables = { ...NO_SPACK, SPACK_USER_CONFIG_PATH: directory };
    const mirrors = locator({ environmentVariables }).configuration.mirrors();
    expect(mirrors.map(({ name, connection }) => [name, connection("push").url])).toEqual([
      ["mochi", "oci://localhost:5000/mochi"],
    ]);
    expect(openSession({ environmentVariables }).mirrors.open("mochi", "fetch").name).toContain(
      "localhost:5000/mochi",
    );
    expect(locator().configuration.mirrors()).toEqual([]);
  });

  it("recipes cannot be evaluated", () => {
    expect(() => locator().spackQuery).toThrow(
      expect.objectContaining({
        code: "ERR_NO_SPACK",
        kind: "usage",
        message: "This needs a Spack installation, and none was found.",
      }),
    );
  });
});

it("knows the prefix from SPACK_ROOT without reading anything", () => {
  const environmentVariables = { ...NO_SPACK, SPACK_ROOT: "/nonexistent/spack" };
  expect(locator({ environmentVariables }).prefix).toBe("/nonexistent/spack");
});
