// Which methods of recipes can be evaluated from their text, and what they do.

import { describe, expect, it } from "vitest";
import { readSource } from "../../src/recipes/read-recipe.js";

/** What the method of a class with these statements does; undefined if only Python can tell. */
function read(body: string, name = "setup_run_environment", parameters = "self, env") {
  const method = `    def ${name}(${parameters}):\n${body.replace(/^/gm, "        ")}\n`;
  const source = `class A(Package):\n    version("1")\n${method}\n    def other(self):\n        return 1\n`;
  return readSource(source).classes.get("A")?.environmentMethods.get(name);
}

const PREFIX = { prefixOf: "self" } as const;

describe("statements", () => {
  it.each([
    ['env.set("A", self.prefix)', { change: "set", name: "A", value: [PREFIX] }],
    ["env.set('A', 'x' \"y\")", { change: "set", value: ["x", "y"] }],
    ['env.set("A", str(self.spec.prefix.lib64.pkgconfig))', { value: [PREFIX, "/lib64", "/pkgconfig"] }],
    [
      'env.prepend_path("A", self.prefix.join("a-b").c)',
      { change: "prepend-path", value: [PREFIX, "/", "a-b", "/c"] },
    ],
    [
      'env.append_path("A", join_path(self.prefix, "a", "b"))',
      { change: "append-path", value: [PREFIX, "/", "a", "/", "b"] },
    ],
    [
      'env.append_path("A", os.path.join(self.prefix.a, "b"), separator=";")',
      { value: [PREFIX, "/a", "/", "b"], separator: ";" },
    ],
    ['env.append_flags("A", "-x", sep=",",)', { change: "append-flags", value: ["-x"], separator: "," }],
    ['env.remove_path("A", "/x")', { change: "remove-path", value: ["/x"] }],
    ['env.unset("A")', { change: "unset", name: "A", value: [] }],
    ['env.set("A", f"{self.prefix.bin}/x:{self.prefix}")', { value: [PREFIX, "/bin", "/x:", PREFIX] }],
  ])("%s", (line, expected) => {
    expect(read(line)).toMatchObject([{ conditions: [], ...expected }]);
  });

  it("may use names for paths, and conditions on the package itself", () => {
    const body = `"""Documentation."""
bin = self.prefix.bin
if self.spec.satisfies("@2:"):
    env.set("A", bin)
    if not self.spec.satisfies("+x"):
        env.set("B", bin.y)
else:
    pass
    env.set("C", "c")
if "~z" not in self.spec:
    env.set("D", "d")
env.set("E", "e")`;
    const since = { spec: "@2:", holds: true };
    expect(read(body)).toMatchObject([
      { name: "A", value: [PREFIX, "/bin"], conditions: [since] },
      { name: "B", value: [PREFIX, "/bin", "/y"], conditions: [since, { spec: "+x", holds: false }] },
      { name: "C", conditions: [{ spec: "@2:", holds: false }] },
      { name: "D", conditions: [{ spec: "~z", holds: false }] },
      { name: "E", conditions: [] },
    ]);
  });

  it("may use the prefix of a dependent", () => {
    const name = "setup_dependent_run_environment";
    const parameters = "self, env: EnvironmentModifications, dependent_spec: Spec";
    expect(read('env.set("A", dependent_spec.prefix.lib)', name, parameters)).toMatchObject([
      { value: [{ prefixOf: "dependent" }, "/lib"] },
    ]);
    expect(read('env.set("A", dependent_spec.prefix.lib)')).toBeUndefined();
  });
});

it.each([
  "for x in y:\n    env.set('A', x)",
  "env.set('A', self.compiler.cc)",
  "env.set('A', self.version)",
  "env.set(name, 'x')",
  "env.set('A', 'x' + 'y')",
  "env.set('A', 'x'.upper())",
  "env.set('A', f'{x!r}')",
  "env.set('A', f'{{}}')",
  "env.set('A')",
  "env.prepend_path('A', join_path(self.prefix, '/x'))",
  "env.prepend_path('A', self.prefix.join(self.prefix))",
  "env.prune_duplicate_paths('A')",
  "env.extend(other)",
  "super().setup_run_environment(env)",
  "if self.spec.satisfies('+a') and x:\n    env.set('A', 'a')",
  "if 'mpi' in self.spec:\n    env.set('A', 'a')",
  "if self.spec.satisfies('+a'):\n    x = self.prefix\nenv.set('A', x)",
  "if self.spec.satisfies('+a'):\n    env.set('A', 'a')\nelif self.spec.satisfies('+b'):\n    env.set('B', 'b')",
  "while True:\n    pass",
  "return",
])("leaves to Python: %s", (body) => {
  expect(read(body)).toBeUndefined();
});

it("leaves methods to Python that are decorated, nested, or defined twice", () => {
  const method = '    def setup_run_environment(self, env):\n        env.set("A", "a")\n';
  const methodsOf = (body: string) =>
    readSource(`class A(Package):\n    x = 1\n${body}`).classes.get("A")?.environmentMethods.size;
  expect(methodsOf(method)).toBe(1);
  expect(methodsOf(`    @when("+x")\n${method}`)).toBe(0);
  expect(methodsOf(method + method)).toBe(0);
  expect(methodsOf(`    if y:\n${method.replace(/^/gm, "    ")}`)).toBe(0);
});
