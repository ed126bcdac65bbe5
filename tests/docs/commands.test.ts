// Command lines in the documentation use commands and options that exist, and every command is described.

import { expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { commandLines, pages } from "../support/documentation.js";

const help = new Map<string, Promise<string>>();

function helpOf(command: string): Promise<string> {
  const known = help.get(command) ?? spackOci([...command.split(" "), "--help"]).then(({ stdout }) => stdout);
  help.set(command, known);
  return known;
}

const GROUPS = ["mirror", "buildcache"];

it("finds command lines", () => {
  const text =
    '`spack-oci x`\n\n    eval "$(spack-oci env y --sh)" # spack-oci z\n\nspack-oci is a spack-oci.';
  expect(commandLines({ path: "", text })).toEqual(["env y --sh", "x"]);
  expect(pages().flatMap(commandLines).length).toBeGreaterThan(100);
});

it.each(pages())("$path names only commands and options that exist", async (page) => {
  for (const line of commandLines(page)) {
    // What follows is another command, or is passed to a program.
    const [own = ""] = line.split(/ --(?= |$)/);
    const words = own.split(/\s+/);
    const start = words.findIndex(
      (word, index) => /^[a-z][a-z-]+$/.test(word) && !takesValue(words[index - 1]),
    );
    if (start < 0) continue;
    const command = words.slice(start, start + (GROUPS.includes(words[start] ?? "") ? 2 : 1)).join(" ");
    const text = await helpOf(command);
    expect(text, line).toContain("Usage: spack-oci");
    const root = await helpOf("");
    for (const [option] of own.matchAll(/(?<=\s)--[a-z][a-z-]+/g))
      expect(`${text}${root}`.includes(option), `${option} in: spack-oci ${line}`).toBe(true);
  }
});

/** Whether a word belongs to the global option before it. */
function takesValue(word = ""): boolean {
  return ["-e", "-D", "-C", "-c", "-j", "--spack-root", "--color"].includes(word);
}
