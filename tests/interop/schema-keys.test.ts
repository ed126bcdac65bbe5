// The recorded keys of Spack's schemas are those of the Spack at hand, so that docs/configuration.md misses none.
// cspell:ignore PYTHONDONTWRITEBYTECODE

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { describeWithSpack } from "./support/spack.js";

const fixtures = fileURLToPath(new URL("../fixtures/configuration", import.meta.url));

describeWithSpack("Spack's schemas", () => {
  it("have the recorded keys", () => {
    const { SPACK_TEST_PYTHON: python = "python3", SPACK_TEST_ROOT: checkout = "", PATH } = process.env;
    const keys = execFileSync(python, [`${fixtures}/list-schema-keys.py`, checkout], {
      env: { PATH, HOME: "/nonexistent", PYTHONDONTWRITEBYTECODE: "1" },
      encoding: "utf8",
    });
    expect(JSON.parse(keys)).toEqual(JSON.parse(readFileSync(`${fixtures}/schema-keys.json`, "utf8")));
  });
});
