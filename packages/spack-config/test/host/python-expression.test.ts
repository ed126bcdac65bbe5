// Conditions of Spack's configuration evaluate as in Python.

import { describe, expect, it } from "vitest";
import { evaluateCondition } from "../../src/host/python-expression.js";
import type { PythonValue } from "../../src/host/python-value.js";

const names = new Map<string, PythonValue>([
  ["platform", "linux"],
  ["os", "debian12"],
  ["arch_str", "platform=linux os=debian12 target=x86_64"],
  ["env", new Map([["USER", "me"]])],
]);

describe.each([
  ['"SPACK_DISABLE_LOCAL_CONFIG" not in env', true],
  ["'USER' in env", true],
  ["platform == 'linux' and os != \"rhel8\"", true],
  ["not platform == 'linux'", false],
  ["platform == 'darwin' or os.startswith('debian')", true],
  ["env['USER'] == 'me'", true],
  ["env.get('HOME')", false],
  ["env.get('HOME', 'x') == 'x'", true],
  ["os in ('debian12', 'ubuntu22.04')", true],
  ["os in ['rhel8']", false],
  ["'x86_64' in arch_str", true],
  ["re.match(r'deb', os)", true],
  ["re.match('12', os)", false],
  ["re.search('12$', os)", true],
  ["not (True and False) or None", true],
  ["1 < 2 < 3", true],
  ["1 < 3 < 2", false],
  ["platform is not None", true],
  ["os.upper() == 'DEBIAN12'", true],
])("%s", (text, expected) => {
  it(`is ${expected}`, () => expect(evaluateCondition(text, names)).toBe(expected));
});

it.each([
  "nosuchname == 1",
  "env['NOPE']",
  "platform ==",
  "import os",
  "os.system('x')",
  "(1",
  "platform < 1",
  "re.match('(', os)",
  "re.search('(?P<name>x)', os)",
  "re.fullmatch('a)|(b', os)",
])("refuses %s", (text) => {
  expect(() => evaluateCondition(text, names)).toThrow(
    expect.objectContaining({ code: "ERR_CONFIG_CONDITION" }),
  );
});
