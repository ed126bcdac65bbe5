// What a recipe's text reveals without running it.

import { expect, it } from "vitest";
import { readSource } from "../../src/recipes/read-recipe.js";

const SOURCE = `
from spack_repo.builtin.build_systems import cmake, autotools as auto
from spack.package import *

def helper():
    provides("nothing")

class Sample(cmake.CMakePackage, auto.AutotoolsPackage):
    r"""A "sample" with \\n in it.

    Second paragraph: # not a comment
    """
    tags = ["compiler",
            "e4s"]
    provides("mpi@3", 'lapack', when="@2:")
    with when("+blas"):
        provides("blas", when="threads=none")
    with default_args(type="link"):
        depends_on("zlib")

    def setup_run_environment(self, env):
        provides("neither")
`;

it("finds the class with its documentation, virtual packages, tags and methods", () => {
  const found = readSource(SOURCE).classes.get("Sample");
  expect(found).toMatchObject({
    bases: ["cmake.CMakePackage", "auto.AutotoolsPackage"],
    documentation: 'A "sample" with \\n in it.\n\n    Second paragraph: # not a comment\n    ',
    tags: ["compiler", "e4s"],
    provisions: [
      { virtuals: ["mpi", "lapack"], conditions: ["@2:"] },
      { virtuals: ["blas"], conditions: ["+blas", "threads=none"] },
    ],
    knowsProvisions: true,
  });
  expect([...(found?.members ?? [])]).toEqual(["tags", "setup_run_environment"]);
});

it("finds imports with their modules", () => {
  expect(readSource(SOURCE).imports.get("auto")).toEqual({
    module: "spack_repo.builtin.build_systems",
    name: "autotools",
  });
});

it.each(["for name in LIST:\n        provides(name)", 'provides(f"{x}")', 'if X:\n        provides("mpi")'])(
  "does not guess: %s",
  (statement) => {
    const found = readSource(`class A(Package):\n    ${statement}\n`).classes.get("A");
    expect(found?.knowsProvisions).toBe(false);
  },
);
