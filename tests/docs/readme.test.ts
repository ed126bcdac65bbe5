// README fits on two screens of 1000 pixels, as wide as GitHub shows it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repository } from "../support/documentation.js";

/** Pixels, and characters in a line of 838 pixels. */
const [SCREEN, LINE, CODE_LINE, CHARACTERS] = [1000, 24, 20, 110];
/** What is around a paragraph, a block of code, and a heading. */
const [PARAGRAPH, BLOCK, HEADING] = [16, 48, 68];

it("fits on two screens", () => {
  const text = readFileSync(join(repository, "README.md"), "utf8");
  const height = text.split("\n\n").reduce((sum, block) => sum + heightOf(block), 0);
  expect(height).toBeGreaterThan(SCREEN);
  expect(height).toBeLessThan(2 * SCREEN);
});

it("shows what it does, why, how to install it, three examples, and where to go on", () => {
  const text = readFileSync(join(repository, "README.md"), "utf8");
  expect(text.match(/^## .*$/gm)).toEqual(["## Install", "## Use", "## Read on"]);
  const [, use = ""] = /^## Use\n(.*?)^## /ms.exec(text) ?? [];
  expect(use.match(/^ {4}# /gm)).toHaveLength(3);
});

/** About as much as a browser takes. */
function heightOf(block: string): number {
  if (block.startsWith("#")) return HEADING;
  if (block.startsWith("    ")) return BLOCK + CODE_LINE * block.split("\n").length;
  const pictures = [...block.matchAll(/\((docs\/[\w-]+\.svg)\)|src="(docs\/[\w-]+\.webp)"/g)];
  const [[, drawing, photo] = []] = pictures;
  if (drawing !== undefined) {
    const [, height = ""] = / height="(\d+)"/.exec(readFileSync(join(repository, drawing), "utf8")) ?? [];
    return PARAGRAPH + Number(height);
  }
  // Pictures of sites are side by side.
  if (photo !== undefined) return PARAGRAPH + 240;
  const paragraphs = block.split(/\n(?=- )/);
  const plain = paragraphs.map((each) => each.replaceAll(/\]\([^)]*\)/g, "").length);
  return PARAGRAPH + plain.reduce((sum, length) => sum + LINE * Math.ceil(length / CHARACTERS), 0);
}
