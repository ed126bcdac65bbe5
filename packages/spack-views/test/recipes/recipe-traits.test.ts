// What recipes do with views is read from their text.

import { describe, expect, it } from "vitest";
import { readTraits } from "../../src/recipes/recipe-traits.js";

const recipe = (bases: string, body = "", imports = "") =>
  `${imports}\nfrom spack.package import *\n\n\nclass Foo(${bases}):\n    """A package"""\n\n${body}\n`;
const BUILTIN = "from spack_repo.builtin.build_systems.generic import Package\n";

describe("view methods", () => {
  it.each([
    ["none", "foo", undefined],
    ["none", "foo", recipe("Package", "    def install(self, spec, prefix):\n        pass", BUILTIN)],
    ["none", "foo", recipe("CMakePackage, CudaPackage")],
    ["none", "foo", recipe("Package", "    # def add_files_to_view(self, view, merge_map):")],
    ["none", "r-foo", recipe("RPackage")],
    ["always", "python", undefined],
    ["always", "python-venv", recipe("Package")],
    ["always", "foo", recipe("Package", "    def add_files_to_view(self, view, merge_map, **kwargs):")],
    ["always", "foo", recipe("Package", "    @property\n    def view_source(self):")],
    ["always", "foo", recipe("Own", "", "from spack_repo.mine.build_systems.own import Own")],
    ["always", "foo", recipe("Bar", "", "from spack_repo.mine.packages.bar.package import Bar")],
    ["always", "foo", recipe("Python", "", "from spack_repo.builtin.packages.python.package import Python")],
    ["none", "foo", recipe("Boost", "", "from spack_repo.builtin.packages.boost.package import Boost")],
    [
      "with-python",
      "foo",
      recipe("PyBar", "", "from spack_repo.builtin.packages.py_bar.package import PyBar"),
    ],
    ["with-python", "foo", recipe("CMakePackage, python.PythonExtension")],
    ["with-python", "py-foo", recipe("PythonPackage")],
    ["with-python", "py-foo", undefined],
    ["none", "py-foo", recipe("SIPPackage")],
    ["with-python", "foo", recipe("\n    CMakePackage,\n    PythonPackage,\n")],
  ] as const)("are %s for %s", (expected, name, text) => {
    expect(readTraits(name, text).viewMethods).toBe(expected);
  });
});

describe("extended packages", () => {
  it.each([
    [[], recipe("Package")],
    [["python"], recipe("CMakePackage", '    extends("python@3.8:", when="+python")')],
    [["tcl", "perl"], recipe("Package", "    extends('tcl')\n    extends(\n        'perl', type='run')")],
    [["perl"], recipe("PerlPackage")],
    [["lua", "lua-luajit", "lua-luajit-openresty"], recipe("LuaPackage")],
  ] as const)("are %j", (expected, text) => {
    expect([...readTraits("foo", text).extendees]).toEqual(expected);
  });

  it("may be any if the recipe inherits from another one", () => {
    const text = recipe("Boost", "", "from spack_repo.builtin.packages.boost.package import Boost");
    expect([...readTraits("foo", text).extendees]).toEqual(expect.arrayContaining(["python", "perl", "tcl"]));
  });
});

it("sees the tag of runtime libraries", () => {
  expect(readTraits("glibc").isRuntime).toBe(true);
  expect(readTraits("foo", recipe("Package", '    tags = ["core", "runtime"]')).isRuntime).toBe(true);
  expect(readTraits("foo", recipe("Package", '    tags = ["build-tools"]')).isRuntime).toBe(false);
});
