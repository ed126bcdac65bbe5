// Whatever a port throws is printed as an error of this program: with a place or a hint, and never with a stack.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixture } from "../../../tests/support/fixtures.js";
import { startMirror } from "../../../tests/support/mirror.js";
import { scratchDirectory } from "../../../tests/support/scratch.js";
import { RemoteRepository } from "../../oci-client/src/remote/remote-repository.js";
import type { Console } from "../src/process/console.js";
import {
  expectCode,
  expectNothingBare,
  expectOwnWords,
  foreignError,
  runPrinted,
} from "./support/foreign-errors.js";

/** A console whose parts throw, one at a time. */
const PORTS: Readonly<
  Record<string, { readonly args: readonly string[]; readonly broken: (error: Error) => Partial<Console> }>
> = {
  "a listener of requests": {
    args: ["list", "MIRROR"],
    broken: (error) => ({ mirrors: { onRequest: () => fail(error) } }),
  },
  "the settings of hosts": {
    args: ["list", "MIRROR"],
    broken: (error) => ({ mirrors: { knownHost: () => fail(error) } }),
  },
  "the clock": {
    args: ["list", "MIRROR"],
    broken: (error) => ({
      mirrors: { clock: { now: () => fail(error), random: Math.random, sleep: async () => {} } },
    }),
  },
  "the prompt for a user": {
    args: ["login", "HOST"],
    broken: (error) => ({ prompt: () => fail(error) }),
  },
  "the prompt for a secret": {
    args: ["login", "HOST", "-u", "me"],
    broken: (error) => ({ readSecret: () => fail(error) }),
  },
};

function fail(error: Error): never {
  throw error;
}

it.each(Object.entries(PORTS))(
  "%s",
  async (_name, { args, broken }) => {
    const { registry, mirror } = await startMirror();
    const known = args.map((text) =>
      text.replace("MIRROR", mirror).replace("HOST", `oci+http://${registry.host}`),
    );
    await fc.assert(
      fc.asyncProperty(foreignError, async (error) => {
        expectOwnWords(await runPrinted(known, broken(error)));
        expectCode(await runPrinted([...known, "--json"], broken(error)));
      }),
      { numRuns: 8 },
    );
    await registry.close();
  },
  60_000,
);

describe("a method of a buildcache", () => {
  afterEach(() => vi.restoreAllMocks());

  it.each<[keyof RemoteRepository, readonly string[]]>([
    ["fetchManifestBytes", ["list", "MIRROR"]],
    ["fetch", ["list", "MIRROR"]],
    ["fetch", ["pull", "MIRROR", "json-c-lite", "--root", "ROOT"]],
    ["fetch", ["check", "--deep", "MIRROR"]],
    ["tags", ["update-index", "MIRROR"]],
    ["tags", ["check", "MIRROR"]],
    ["probe", ["check", "MIRROR"]],
    ["push", ["copy", "LAYOUT", "OTHER"]],
    ["resolve", ["copy", "LAYOUT", "OTHER"]],
    ["deleteTags", ["prune", "MIRROR", "--keep-list", "LIST", "--yes"]],
  ])(
    "%s fails in %j",
    async (method, args) => {
      const list = join(scratchDirectory("keep"), "list");
      writeFileSync(list, "json-c-lite\n");
      const { registry, mirror } = await startMirror();
      const layout = `oci-layout:${fixture("oci-layout-main")}`;
      const known = () =>
        args.map((text) =>
          text
            .replace("MIRROR", mirror)
            .replace("LAYOUT", layout)
            .replace("OTHER", registry.location("other/one"))
            .replace("LIST", list)
            .replace("ROOT", `${scratchDirectory("r")}/opt`),
        );
      await fc.assert(
        fc.asyncProperty(foreignError, async (error) => {
          const broken = vi
            .spyOn(RemoteRepository.prototype, method as "push")
            .mockImplementation(() => fail(error));
          const printed = await runPrinted(known());
          expect(broken).toHaveBeenCalled();
          expect(printed.status).toBeGreaterThan(0);
          expectNothingBare(printed.stderr + printed.stdout);
          broken.mockRestore();
        }),
        { numRuns: 8 },
      );
      await registry.close();
    },
    60_000,
  );
});

it("what shows the progress", async () => {
  const { registry, mirror } = await startMirror();
  await fc.assert(
    fc.asyncProperty(foreignError, async (error) => {
      let [stderr, hasFailed] = ["", false];
      const write = (text: string) => {
        stderr += text;
        if (hasFailed) return;
        hasFailed = true;
        fail(error);
      };
      const printed = await runPrinted(["check", mirror], { stderr: { write } });
      expectOwnWords({ ...printed, stderr });
    }),
    { numRuns: 8 },
  );
  await registry.close();
});
