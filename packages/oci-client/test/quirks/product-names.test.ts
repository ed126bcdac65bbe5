// The claim that only the quirks folder knows products, checked against the sources.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SOURCES = fileURLToPath(new URL("../../src", import.meta.url));
const PRODUCT = /docker\.io|ghcr\.io|github\.com|amazonaws|quay\.io|gcr\.io|pkg\.dev|azurecr|gitlab/i;

test("no code outside the quirks folder names a registry product", () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.startsWith("quirks"),
  );
  expect(files.length).toBeGreaterThan(50);
  const naming = files.filter((name) => PRODUCT.test(codeOf(readFileSync(join(SOURCES, name), "utf8"))));
  expect(naming).toEqual([]);
});

/** A source without its comments and its messages, which may name a host as an example. */
function codeOf(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|\/\/.*|such as ghcr\.io/g, "");
}
