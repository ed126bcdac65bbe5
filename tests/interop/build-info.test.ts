// The build info of a layer has the bytes that Spack writes, for names of any kind.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { yamlScalar } from "../../packages/spack-tarball/src/build-info/yaml-scalar.js";
import { describeWithSpack } from "./support/spack.js";

const DUMP = `
import json, sys
import spack.util.spack_yaml as syaml
names = json.load(sys.stdin)
json.dump([syaml.dump({"k": [name]}, default_flow_style=True)[5:-3] for name in names], sys.stdout)
`;

/** What Spack writes for each name. */
function spackWrites(names: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(process.env["SPACK_TEST_PYTHON"] ?? "python3", ["-c", DUMP], {
    input: JSON.stringify(names),
    env: { PATH: process.env["PATH"], PYTHONPATH: join(process.env["SPACK_TEST_ROOT"] ?? "", "lib/spack") },
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

/** Names that are quoted although Spack writes them plainly, because something does not read them back. */
const MISREAD =
  /^\?|^: |[\u0085\u2028\u2029]|^(y|n|yes|no|on|off|true|false|null)$|^[-+]?[0-9_.]*([eE][-+]?[0-9_]*)?$|^[-+]?0[box][0-9a-f_]*$|^[-+]?\.(inf|nan)$|^[-+]?[0-9_]+(:[0-9_]+)+(\.[0-9_]*)?$/i;

describeWithSpack("names in the build info", () => {
  it("are written as by Spack", () => {
    const letters = Array.from("aeny019._-+:x ?#,[]{}'\"\\~=<&*!|>%@`é\t");
    const short = letters.flatMap((a) => letters.map((b) => a + b));
    const unit = fc.oneof(
      fc.constantFrom(...letters, "\u00a0", "日", "😀", "\udce9"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    );
    const random = fc.sample(fc.string({ unit, minLength: 1, maxLength: 12 }), 3000);
    const names = [...letters, ...short, ...random].filter(
      (name) => !MISREAD.test(name) && !/\p{Cs}\p{Cs}/u.test(name),
    );
    expect(names.length).toBeGreaterThan(3_000);
    const expected = spackWrites(names);
    const different = names.flatMap((name, at) =>
      yamlScalar(name) === expected[at] ? [] : [[name, yamlScalar(name), expected[at]]],
    );
    expect(different).toEqual([]);
  });
});
