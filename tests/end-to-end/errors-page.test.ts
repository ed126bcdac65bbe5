// docs/errors.md has a paragraph for every code, and the commands in it exist.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PAGE = readFileSync(join(root, "docs", "errors.md"), "utf8");

/** Codes that the sources compare with, and that are Node's own. */
const OF_NODE = [
  "ERR_BUFFER_TOO_LARGE",
  "ERR_FS_FILE_TOO_LARGE",
  "ERR_INVALID_ARG_VALUE",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_STRING_TOO_LONG",
  "ERR_SYSTEM_ERROR",
];

const sections = PAGE.split(/^#{2,3} /m).slice(1);
const paragraphs = sections.filter((section) => section.startsWith("ERR_"));
const documented = paragraphs.map((section) => section.split("\n")[0] ?? "");

/** The codes that appear as texts in the sources of all packages. */
function codesInSources(): readonly string[] {
  const found = new Set<string>();
  for (const name of readdirSync(join(root, "packages"))) {
    const sources = join(root, "packages", name, "src");
    for (const entry of readdirSync(sources, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
      for (const [, code = ""] of text.matchAll(/["'`](ERR_[A-Z0-9_]*[A-Z0-9])["'`]/g)) {
        // In comments, codes are quoted as well; only texts of the program count.
        if (text.includes(`"${code}"`)) found.add(code);
      }
    }
  }
  return [...found];
}

it("describes every code once, and no other", () => {
  const codes = codesInSources().filter((code) => !OF_NODE.includes(code));
  expect(codes.length).toBeGreaterThan(150);
  expect([...documented].sort()).toEqual(codes.sort());
});

it("says about each what it means and what to do", () => {
  for (const paragraph of paragraphs) {
    const [code, , ...lines] = paragraph.trim().split("\n");
    const sentences = lines.join(" ").match(/[.?](?= [A-Z`[]|$)/g) ?? [];
    expect(sentences.length, code).toBeGreaterThan(1);
  }
});

it("lists its sections", () => {
  const listed = [...PAGE.matchAll(/^- \[(.+)\]\(#(.+)\)$/gm)].map(([, title, anchor]) => [title, anchor]);
  const titles = [...PAGE.matchAll(/^## (.+)$/gm)].map(([, title = ""]) => title);
  const anchorOf = (title: string) =>
    title
      .toLowerCase()
      .replaceAll(" ", "-")
      .replace(/[^a-z-]/g, "");
  expect(listed).toEqual(titles.map((title) => [title, anchorOf(title)]));
});

it("names only commands and options that exist", async () => {
  const commands = [...PAGE.matchAll(/`spack-oci ([^`]+)`/g)].map(([, line = ""]) => line.split(/\s+/));
  expect(commands.length).toBeGreaterThan(20);
  const known = new Map<string, string>();
  for (const words of commands) {
    const start = words.findIndex((word) => /^[a-z]/.test(word) && word !== "DIR");
    const group = ["mirror"].includes(words[start] ?? "") ? 2 : 1;
    const command = words.slice(start, start + group);
    if (start < 0 || command.length === 0) continue;
    const key = command.join(" ");
    if (!known.has(key)) known.set(key, (await spackOci([...command, "--help"])).stdout);
    const help = known.get(key) ?? "";
    expect(help, key).toContain(`Usage: spack-oci ${key}`);
    for (const option of words.slice(start).filter((word) => word.startsWith("--")))
      expect(help).toContain(option);
  }
});
