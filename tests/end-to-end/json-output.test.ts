// What every command prints as JSON is what docs/schema says.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { problemsWith, requireSchema, schemaNames } from "../support/json-schemas.js";
import { startMirror, type TestMirror } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { spackPlace } from "../support/spack-instance.js";
import { startTestRegistry, type TestRegistry } from "../support/test-registry/test-registry.js";

const home = scratchDirectory("json-output");
const root = join(home, "opt");
const SECRET = "correct horse";
const spack = spackPlace();
let mirror: TestMirror;
/** A registry to log in to. */
let locked: TestRegistry;

beforeAll(async () => {
  mirror = await startMirror();
  locked = await startTestRegistry({ auth: { kind: "basic", users: { alice: SECRET } } });
});
afterAll(async () => {
  await mirror.registry.close();
  await locked.close();
});

function run(...args: readonly string[]) {
  // Checks the output, too.
  return spackOci(args, {
    environment: { HOME: home, SPACK_OCI_CACHE: join(home, "cache") },
    secret: SECRET,
  });
}

/** Prints what its program prints, and rejects --json. */
const WITHOUT_JSON = ["run"];

it("has a schema for every command", () => {
  const commands = fileURLToPath(new URL("../../packages/cli/src/commands", import.meta.url));
  const names = readdirSync(commands).map((file) => file.slice(0, -".ts".length));
  const printing = names.filter((name) => !WITHOUT_JSON.includes(name));
  expect([...printing, "common", "error", "events", "site-catalog"].sort()).toEqual([...schemaNames].sort());
});

describe("every command", () => {
  const store = () => extractSampleStore();
  const copy = `oci-layout:${join(home, "copy")}`;

  it.each([
    ["mirror-add", () => ["mirror", "add", "mochi", mirror.mirror]],
    ["mirror-list", () => ["mirror", "list"]],
    ["mirror-set", () => ["mirror", "set", "mochi", "--autopush"]],
    ["list", () => ["list", "mochi"]],
    ["buildcache-list", () => ["buildcache", "list", "-a"]],
    ["show", () => ["show", "mochi", "json-c-lite", "--files"]],
    ["pull", () => ["pull", "mochi", "margo-lite", "--root", root]],
    ["pull", () => ["pull", "mochi", "margo-lite", "--root", root, "--dry-run"]],
    ["install", () => ["install", "json-c-lite", "--root", root]],
    ["find", () => ["find", "--root", root]],
    ["reindex", () => ["reindex", "--store", root]],
    ["push", () => ["push", copy, "--store", store(), "json-c-lite", "--update-index", "--tag", "all"]],
    ["push", () => ["push", copy, "--store", store(), "json-c-lite", "--update-index"]],
    ["copy", () => ["copy", "mochi", copy, "data-lite", "json-c-lite"]],
    ["update-index", () => ["update-index", copy]],
    ["check", () => ["check", copy, "--deep"]],
    ["audit", () => ["audit", copy]],
    ["repair", () => ["repair", copy, "--relocate-to", "/opt/relocated", "--padded-length", "200"]],
    ["diff", () => ["diff", "mochi", copy]],
    ["image", () => ["image", copy, "--tag", "image", "--view", "/view"]],
    ["prune", () => ["prune", copy, "--older-than", "1h", "--dry-run"]],
    ["prune", () => ["prune", copy, "--older-than", "1900-01-01", "--yes"]],
    ["config", () => ["--spack-root", spack.root, "config", "config"]],
    ["login", () => ["login", `oci+http://${locked.host}`, "-u", "alice"]],
    ["logout", () => ["logout", locked.host]],
    ["cache", () => ["cache"]],
    ["cache", () => ["cache", "--clean"]],
    ["completion", () => ["completion", "fish"]],
    ["mirror-remove", () => ["mirror", "remove", "mochi"]],
    ["logout", () => ["logout", mirror.registry.host]],
    ["error", () => ["list", "mochi"]],
  ])("%s fits its schema", async (name, args) => {
    const { status, json, stderr } = await run(...args(), "--json");
    expect({ name, problems: problemsWith(name, json()), stderr }).toMatchObject({ problems: "" });
    if (name === "error") expect(status).toBeGreaterThan(0);
    else expect([0, 7]).toContain(status);
  });

  it("streams events that fit their schema", async () => {
    const { stdout } = await run("pull", mirror.mirror, "thallium-lite", "--root", root, "--json-lines");
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; result?: unknown });
    for (const line of lines)
      expect({ line, problems: problemsWith("events", line) }).toMatchObject({ problems: "" });
    expect(new Set(lines.map(({ type }) => type))).toEqual(
      new Set(["planned", "step", "bytes", "done", "result"]),
    );
    expect(problemsWith("pull", lines.at(-1)?.result)).toBe("");
    expect(existsSync(root)).toBe(true);
  });
});

it("would notice a member that no schema describes", () => {
  expect(() => requireSchema(["cache", "--json"], '{ "directory": null, "surprise": 1 }')).toThrow(
    "cache.json",
  );
  expect(() => requireSchema(["cache", "--json"], '{ "directory": null }')).not.toThrow();
});
