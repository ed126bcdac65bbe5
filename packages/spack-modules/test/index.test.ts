// Pins the public exports of the package.

import { expect, it } from "vitest";
import * as surface from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(surface).sort()).toEqual([
    "ModuleTree",
    "RecipeBook",
    "keptRecipePaths",
    "modulePlace",
    "readOrigins",
    "removeModuleFile",
    "writeModuleFile",
  ]);
});
