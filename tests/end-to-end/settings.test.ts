// Settings of Spack on the command line: those without effect are reported, each once.

import { describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";
import { spackPlace } from "../support/spack-instance.js";

const place = spackPlace();
const layout = `oci-layout:${fixture("oci-layout-main")}`;
const store = scratchDirectory("store");

/** Runs a command with `config:`, and returns its warnings. */
async function warnings(config: string, ...args: string[]): Promise<string[]> {
  const scope = place.scope({ "config.yaml": `config:\n  install_tree: {root: ${store}}\n  ${config}\n` });
  const { status, stderr } = await spackOci(["-C", scope, ...args], { environment: place.variables });
  expect(status, stderr).toBe(0);
  return stderr.split("\n").filter((line) => line.startsWith("warning: "));
}

const pull = ["pull", layout, "json-c-lite", "--dry-run"];

describe("a setting that is not applied", () => {
  it("is reported by a pull into Spack's store, once", async () => {
    expect(await warnings("shared_linking: {bind: true}", ...pull)).toEqual([
      expect.stringMatching(/^warning: config:shared_linking:bind is not applied: /),
    ]);
    expect(await warnings("shared_linking: {bind: false}", ...pull)).toEqual([]);
  });

  it("is not reported by commands that install nothing in it", async () => {
    expect(await warnings("shared_linking: {bind: true}", "list", layout)).toEqual([]);
    const elsewhere = [...pull, "--root", `${store}/elsewhere`];
    expect(await warnings("shared_linking: {bind: true}", ...elsewhere)).toEqual([]);
  });
});

it("a misspelled setting is reported once, with its place and what was meant", async () => {
  expect(await warnings("verify_sll: false", ...pull)).toEqual([
    expect.stringMatching(
      /config\.yaml:3: config:verify_sll is not a setting of Spack, .* did you mean verify_ssl\?$/,
    ),
  ]);
});
