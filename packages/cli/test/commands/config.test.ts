// Arguments and results of spack-oci config.

import { expect, it } from "vitest";
import { configCommand, renderConfig } from "../../src/commands/config.js";
import { flagsOf, parse } from "../support/parse.js";

it("has no options", () => {
  expect(flagsOf(configCommand)).toEqual([]);
});

it("takes a section", async () => {
  expect(await parse(configCommand, "mirrors")).toEqual({ section: "mirrors" });
  await expect(parse(configCommand)).rejects.toThrow("missing required argument 'section'");
});

it("aligns lines behind their sources", () => {
  const blamed = [
    { place: "---", line: "mirrors:" },
    { place: "/etc/mirrors.yaml:2", line: "  mochi: oci://x" },
  ];
  expect(renderConfig(blamed)).toEqual({
    json: blamed,
    lines: ["---                  mirrors:", "/etc/mirrors.yaml:2    mochi: oci://x"],
    status: 0,
  });
  expect(renderConfig([]).lines).toEqual([]);
});
