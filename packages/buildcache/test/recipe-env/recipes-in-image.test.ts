// Which part of an image's environment came from recipes, and how it applies to other bases.

import { describe, expect, it } from "vitest";
import { modifyEnvironment } from "../../src/image-env/modifications.js";
import { formatVariables, parseVariables } from "../../src/image-env/variables.js";
import { recipesInImage } from "../../src/recipe-env/recipes-in-image.js";

const cuda = ["PATH=/sbin", "LD_LIBRARY_PATH=/cuda/lib", "JAVA_HOME=/usr/java", "LANG=C"];

/** The environment that prefixes give on a base: `/p/bin` on PATH, and nothing else. */
const nativeOn = (base: readonly string[]) =>
  modifyEnvironment(parseVariables(base), [{ kind: "prepend-path", name: "PATH", value: "/p/bin" }]);

/** The environment of a new image, computed from that of the existing one. */
function again(
  environment: readonly string[],
  was: readonly string[] | undefined,
  base: readonly string[],
): string[] {
  const variables = nativeOn(was ?? []);
  const possible = new Map([...variables, ["MANPATH", "/usr/share/man"]]);
  const without = { variables, possible, prefixes: ["/p"], base, isAlone: true };
  const additions = recipesInImage({ environment, base: was }, without);
  return formatVariables(modifyEnvironment(nativeOn(base), additions));
}

describe("an image on the same base", () => {
  it.each([
    [
      "without a base",
      [],
      ["PATH=/p/bin:/p/wrappers:/bin:/usr/bin", "A=1", "JAVA_HOME=/p/", "LD_LIBRARY_PATH=/p/lib"],
    ],
    [
      "with one",
      cuda,
      ["PATH=/p/bin:/sbin", "LD_LIBRARY_PATH=/p/lib:/cuda/lib", "JAVA_HOME=/p", "LANG=C", "X=a:b"],
    ],
  ])("keeps its environment, %s", (_what, base, environment) => {
    expect(again(environment, base, base)).toEqual(environment);
  });

  it("has no additions if prefixes explain everything, now or on another machine", () => {
    const environment = ["PATH=/p/bin:/bin:/usr/bin", "MANPATH=/usr/share/man"];
    expect(again(environment, [], [])).toEqual(environment.slice(0, 1));
  });

  it("keeps directories that prefixes have gained since", () => {
    const environment = ["PATH=/p/wrappers:/bin:/usr/bin"];
    expect(again(environment, [], [])).toEqual(["PATH=/p/wrappers:/p/bin:/bin:/usr/bin"]);
  });
});

describe("an image on another base", () => {
  const environment = [
    "PATH=/p/wrappers:/p/bin:/bin:/usr/bin",
    "A=1",
    "JAVA_HOME=/p",
    "LD_LIBRARY_PATH=/p/lib:/p/x",
  ];

  it("gets lists in front of the base's, and replaces single values", () => {
    expect(again(environment, [], cuda)).toEqual([
      "PATH=/p/wrappers:/p/bin:/sbin",
      "LD_LIBRARY_PATH=/p/lib:/p/x:/cuda/lib",
      "JAVA_HOME=/p",
      "LANG=C",
      "A=1",
    ]);
  });

  it("drops the old base's values", () => {
    const old = ["PATH=/p/bin:/sbin", "LD_LIBRARY_PATH=/p/lib:/cuda/lib", "JAVA_HOME=/p", "LANG=C"];
    expect(again(old, cuda, [])).toEqual([
      "PATH=/p/bin:/bin:/usr/bin",
      "JAVA_HOME=/p",
      "LD_LIBRARY_PATH=/p/lib",
    ]);
  });

  it("keeps only values that name a prefix if the old base is unknown", () => {
    const unknown = [
      "PATH=/p/wrappers:/p/bin:/sbin",
      "LD_LIBRARY_PATH=/p/lib:/cuda/lib",
      "A=1",
      "B=in /p/x",
      "C_PATH=/c",
    ];
    expect(again(unknown, undefined, [])).toEqual([
      "PATH=/p/wrappers:/p/bin:/bin:/usr/bin",
      "B=in /p/x",
      "LD_LIBRARY_PATH=/p/lib",
    ]);
  });
});

it("adds to lists rather than replacing them if the image has other packages too", () => {
  const environment = ["PATH=/p/bin:/bin:/usr/bin", "LD_LIBRARY_PATH=/p/lib", "A=1"];
  const variables = nativeOn([]);
  const without = { variables, possible: variables, prefixes: ["/p"], base: [], isAlone: false };
  expect(recipesInImage({ environment, base: [] }, without)).toEqual([
    { kind: "prepend-path", name: "LD_LIBRARY_PATH", value: "/p/lib" },
    { kind: "set", name: "A", value: "1" },
  ]);
});
