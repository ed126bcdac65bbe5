// Readers follow a file as it grows, and end where it ends.

import { appendFileSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { GrowingFile } from "../../src/layers/growing-file.js";

const directory = scratchDirectory("growing-file");
let files = 0;

function newFile() {
  files += 1;
  const path = join(directory, String(files));
  writeFileSync(path, "");
  let size = 0;
  const file = new GrowingFile(path);
  const write = (text: string) => {
    appendFileSync(path, text);
    size += text.length;
    file.grow(size);
  };
  return { path, file, write };
}

async function textOf(file: GrowingFile, seen: (text: string) => void = () => {}): Promise<string> {
  let text = "";
  for await (const piece of file.read()) {
    text += piece.toString();
    seen(text);
  }
  return text;
}

it("reads existing bytes, waits for more, and ends with the file", async () => {
  const { file, write } = newFile();
  write("one ");
  const steps = ["two ", "three"];
  const text = await textOf(file, () => {
    const next = steps.shift();
    setTimeout(() => (next === undefined ? file.end() : write(next)), 5);
  });
  expect(text).toBe("one two three");
});

it("gives each reader all bytes, no matter how late or large", async () => {
  const { file, write } = newFile();
  const early = textOf(file);
  const text = "0123456789".repeat(60_000);
  write(text);
  file.end();
  expect(await early).toBe(text);
  expect(await textOf(file)).toBe(text);
});

it("never reads beyond the reported size", async () => {
  const { path, file, write } = newFile();
  write("told");
  appendFileSync(path, "untold");
  file.grow(2);
  file.end();
  expect(await textOf(file)).toBe("told");
});

it.runIf(existsSync("/proc/self/fd"))("closes the file if its reader leaves", async () => {
  const { file, write } = newFile();
  const open = () => readdirSync("/proc/self/fd").length;
  const before = open();
  write("something");
  for (let round = 0; round < 20; round += 1) {
    for await (const piece of file.read()) {
      expect(piece.toString()).toBe("something");
      break;
    }
  }
  expect(open()).toBeLessThan(before + 5);
});
