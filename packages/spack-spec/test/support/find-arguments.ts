// Reads the options of `spack find`, as far as the oracles use them.

import type { FindOptions } from "../../src/find/find.js";
import type { InstallStatus } from "../../src/query/query.js";

const flags: Readonly<Record<string, FindOptions>> = {
  d: { deps: true },
  c: { showConcretized: true },
  e: { external: true },
  f: { flags: true },
  H: { format: "{/hash}" },
  I: { installStatus: true },
  l: { long: true },
  L: { veryLong: true },
  N: { namespaces: true },
  p: { paths: true },
  r: { onlyRoots: true },
  v: { variants: true },
  x: { explicit: true },
  X: { explicit: false },
};

const longFlags: Readonly<Record<string, FindOptions>> = {
  "--json": { json: true },
  "--no-groups": { groups: false },
  "--groups": { groups: true },
  "--specfile-format": { specfileFormat: true },
};

function statusOf(args: readonly string[]): readonly InstallStatus[] {
  if (args.includes("-M")) return ["missing"];
  if (args.includes("--only-deprecated")) return ["deprecated"];
  return [
    "installed",
    ...(args.includes("-m") ? (["missing"] as const) : []),
    ...(args.includes("--deprecated") ? (["deprecated"] as const) : []),
  ];
}

export function findArguments(args: readonly string[]): FindOptions {
  let options: FindOptions = { status: statusOf(args) };
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
