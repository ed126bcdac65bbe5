// Reads the options of `spack find`, as far as the oracles use them.
import type { FindOptions } from "../../../src/spec-language/find/find.js";

const flags: Readonly<Record<string, FindOptions>> = {
  d: { deps: true },
  e: { external: true },
  f: { flags: true },
  I: { installStatus: true },
  l: { long: true },
  L: { veryLong: true },
  m: { status: ["installed", "missing"] },
  N: { namespaces: true },
  p: { paths: true },
  v: { variants: true },
  x: { explicit: true },
  X: { explicit: false },
};

const longFlags: Readonly<Record<string, FindOptions>> = {
  "--json": { json: true },
  "--no-groups": { groups: false },
  "--hashes": { format: "{/hash}" },
};

export function findArguments(args: readonly string[]): FindOptions {
  let options: FindOptions = {};
  const constraints: string[] = [];
  const rest = args.join(" ").replace(/, on a terminal .*$/, "");
  for (const word of rest.split(" ").filter((part) => part !== "")) {
    if (options.format === "") options = { ...options, format: word };
    else if (word === "--format") options = { ...options, format: "" };
    else if (word.startsWith("--")) options = { ...options, ...longFlags[word] };
    else if (word.startsWith("-"))
      for (const letter of word.slice(1)) options = { ...options, ...flags[letter] };
    else constraints.push(word);
  }
  // A format string with a space in it was quoted.
  const [first = ""] = constraints;
  if (options.format !== undefined && first.startsWith("{")) {
    return { ...options, format: `${options.format} ${constraints.shift()}`, constraints };
  }
  return { ...options, constraints };
}
