// The stacks of packages that fail appear only on request.

import { join } from "node:path";
import { expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";

/** Pulls a package into a root that is longer than the one that it was built in. */
function failPull(environment: NodeJS.ProcessEnv) {
  const root = join(scratchDirectory("stacks"), "x".repeat(200));
  const mirror = `oci-layout:${fixture("oci-layout-main")}`;
  return spackOci(["pull", "--allarch", mirror, "tricky-lite", "--root", root], { environment });
}

it("hides them by default", async () => {
  const { status, stderr } = await failPull({});
  expect(status).toBe(1);
  expect(stderr).toContain("has no room for");
  expect(stderr).not.toMatch(/^ {4}at /m);
});

it("shows them with SPACK_OCI_DEBUG", async () => {
  const { stderr } = await failPull({ SPACK_OCI_DEBUG: "1" });
  expect(stderr).toMatch(/^\w*Error: [^\n]*has no room for[\s\S]*?\n {4}at /m);
});
