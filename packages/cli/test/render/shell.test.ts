// Commands and scripts lead to the same environment, also with values that shells would read as something else.

import { spawnSync } from "node:child_process";
import type { EnvironmentModification } from "@spack-oci/buildcache";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { environmentScript } from "../../src/render/env-script.js";
import { githubEnvironment } from "../../src/render/github-environment.js";
import { nextStep } from "../../src/render/next-step.js";
import { changedVariables, environmentAfter, shellCommands } from "../../src/render/shell.js";

/** The variables that a shell has after a script. */
function evaluate(script: string, environment: NodeJS.ProcessEnv): Map<string, string> {
  const { stdout, stderr, status } = spawnSync("/bin/sh", ["-euc", `${script}\n/usr/bin/env -0`], {
    env: environment,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const entries = stdout.split("\0").filter((entry) => /^[A-C]=|^MANPATH=/.test(entry));
  return new Map(
    entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}

const value = fc.oneof(
  fc.constantFrom("/a", "/b c", "it's", "$HOME `x` \\", '"', "é\n!", "", "-n"),
  fc.string({ unit: "grapheme-ascii", minLength: 1 }),
);
const name = fc.constantFrom("A", "B", "C", "MANPATH");
const step: fc.Arbitrary<EnvironmentModification> = fc.record({
  kind: fc.constantFrom(
    "set" as const,
    "unset" as const,
    "prepend-path" as const,
    "append-path" as const,
    "append-flags" as const,
  ),
  name,
  value,
  separator: fc.constantFrom(undefined, ":", ";"),
});

describe("a shell", () => {
  it("has the environment that a program gets", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), fc.dictionary(name, value), (steps, start) => {
        const environment = { PATH: "/bin:/usr/bin", ...start };
        const expected = new Map(
          Object.entries(environmentAfter(steps, environment)).filter(([each]) => each !== "PATH"),
        );
        const byCommands = shellCommands("sh", changedVariables(steps, environment)).join("\n");
        expect(evaluate(byCommands, environment)).toEqual(expected);
        const { text, incomplete } = environmentScript(steps, "a\nb");
        expect(incomplete).toEqual([]);
        expect(evaluate(text, environment)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it("is told what a script cannot do", () => {
    const steps: EnvironmentModification[] = [{ kind: "prune-duplicate-paths", name: "A", value: "" }];
    expect(environmentScript(steps, "x").incomplete).toEqual(["A"]);
  });
});

it("prints the syntax of each shell", () => {
  const variables = [
    ["A", "it's"],
    ["B", undefined],
  ] as const;
  expect(shellCommands("csh", variables)).toEqual([`setenv A 'it'"'"'s';`, "unsetenv B;"]);
  expect(shellCommands("fish", variables)).toEqual([`set -gx A 'it'"'"'s';`, "set -e B;"]);
});

it("delimits values of several lines for GitHub by a line that they do not contain", () => {
  const text = "one\nEND_OF_VALUE\n";
  expect(
    githubEnvironment([
      ["A", text],
      ["B", undefined],
    ]),
  ).toEqual(["A<<END_OF_VALUE_", text, "END_OF_VALUE_", "B="]);
});

describe("the next step", () => {
  const zlib = { name: "zlib", version: "1.3", hash: "abcdefghijkl" };
  const plain = { packages: [zlib], root: undefined, envScript: undefined, shell: undefined };

  it.each([
    [{}, 'Next: eval "$(spack-oci env zlib/abcdefg)"'],
    [{ root: "/a b" }, `Next: eval "$(spack-oci env zlib/abcdefg --root '/a b')"`],
    [{ shell: "/usr/bin/fish" }, "Next: spack-oci env --fish zlib/abcdefg | source"],
    [{ shell: "/bin/tcsh" }, "Next: eval `spack-oci env --csh zlib/abcdefg`"],
    [{ envScript: "use.sh" }, "Next: . ./use.sh"],
    [{ packages: [], root: "/r" }, "Next: spack-oci find --root /r"],
  ])("with %j", (settings, line) => {
    expect(nextStep({ ...plain, ...settings })).toBe(line);
  });
});
