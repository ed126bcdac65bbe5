// Configuration paths are parsed as in Spack.

import { describe, expect, it } from "vitest";
import { parseConfigPath } from "../../src/scopes/config-path.js";

describe.each([
  ["config:build_jobs:3", ["config", "build_jobs", "3"]],
  ["mirrors:x:https://x", ["mirrors", "x", "https", "//x"]],
  ["mirrors:x:'https://x'", ["mirrors", "x", "https://x"]],
  ['"a:b":c', ["a:b", "c"]],
  ["config:template_dirs+:[/x]", ["config", "template_dirs", "[/x]"]],
  ["packages:all::providers", ["packages", "all", "providers"]],
  ["config:build_stage::", ["config", "build_stage"]],
  ["config:x:{a: 1}", ["config", "x", "{a", " 1}"]],
])("%s", (path, texts) => {
  it(`has the parts ${texts.join(" | ")}`, () => {
    expect(parseConfigPath(path).map(({ text }) => text)).toEqual(texts);
  });
});

it("recognizes overrides and literals", () => {
  const [section, key, value] = parseConfigPath("config:build_stage::'x'");
  expect(section).toMatchObject({ override: false, isLiteral: false });
  expect(key).toMatchObject({ override: true, isLiteral: true });
  expect(value).toMatchObject({ override: false, isLiteral: true });
});

it.each(["", ":a", "a:'x", "packages::all::x"])("rejects %j", (path) => {
  expect(() => parseConfigPath(path)).toThrow(expect.objectContaining({ code: "ERR_CONFIG_PATH" }));
});
