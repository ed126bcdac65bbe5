// Every setting of Spack's schemas is in the table of docs/configuration.md, and the table has no other.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { UNAPPLIED_SETTINGS } from "../../src/derived/unapplied-settings.js";
import { SECTION_NAMES } from "../../src/sections/sections.js";

function read(path: string): string {
  return readFileSync(new URL(`../../../../${path}`, import.meta.url), "utf8");
}

/** The keys of each section as Spack 1.2 reports them; `*` stands for any name. */
const sections = JSON.parse(read("tests/fixtures/configuration/schema-keys.json")) as Record<
  string,
  string[]
>;
const rows = [...read("docs/configuration.md").matchAll(/^\| `([a-z_][\w:]*)` \| ([\w ]+) \|/gm)].map(
  ([, setting = "", here = ""]) => ({ setting, here }),
);

/** Rows that are a whole section, where its keys need not be listed one by one. */
const WHOLE_SECTIONS = new Set(
  Object.keys(sections).filter((name) => !["config", "mirrors", "packages", "upstreams"].includes(name)),
);

function parts(setting: string): string[] {
  return setting.split(":").map((part) => (part === "NAME" ? "*" : part));
}

/** Whether a row is about a key: the same key, or one above it. `NAME` also stands for `all`. */
function covers(setting: string, key: string): boolean {
  const words = key.split(":");
  return parts(setting).every((part, at) => part === words[at] || (part === "*" && words[at] === "all"));
}

/** A key above others, such as `config:install_tree`, needs no row if all keys below it have one. */
function isAbove(key: string, keys: readonly string[]): boolean {
  return keys.some((other) => other.startsWith(`${key}:`));
}

describe.each(Object.entries(sections))("%s", (section, keys) => {
  const required = section === "spack.yaml" ? keys : [section, ...keys];
  it.each(required.filter((key) => !isAbove(key, keys)))("%s is in the table", (key) => {
    expect(rows.filter(({ setting }) => covers(setting, key))).not.toEqual([]);
  });
});

it.each(rows)("the row $setting is a setting of Spack, and says what becomes of it", ({ setting, here }) => {
  const [section = ""] = parts(setting);
  const keys = [...Object.values(sections).flat(), ...SECTION_NAMES];
  expect(keys.some((key) => covers(setting, key))).toBe(true);
  expect(["applied", "no effect", "warning"]).toContain(here);
  if (setting === section) expect([...WHOLE_SECTIONS, ...(sections["spack.yaml"] ?? [])]).toContain(section);
});

it("the settings documented with a warning are those that a pull warns about", () => {
  const documented = rows.filter(({ here }) => here === "warning").map(({ setting }) => setting);
  expect(documented.sort()).toEqual(UNAPPLIED_SETTINGS.map(({ path }) => path).sort());
});
