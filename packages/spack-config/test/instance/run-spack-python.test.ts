// Runs Spack with the user's options and a program, and reports why it fails.

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { runSpackPython } from "../../src/instance/run-spack-python.js";

/** An instance whose `spack` is a shell script. */
function spackThat(script: string): string {
  const root = scratchDirectory("run-spack-python");
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "bin/spack"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, "bin/spack"), 0o755);
  return root;
}

const env = { PATH: process.env["PATH"] };
const request = { options: { env }, program: 'print("é")\n', input: "read me" };

describe("runSpackPython", () => {
  it("returns the standard output of Spack", async () => {
    const root = spackThat('cat; echo; echo aside >&2; printf "%s\\n" "$@"; echo "$SPACK_ENV"');
    const options = {
      env: { ...env, SPACK_ENV: "from outside" },
      configScopes: ["/a", "/b"],
      commandLine: ["config:x:1"],
      environment: "here",
      withoutEnvironment: false,
    };
    expect((await runSpackPython({ ...request, root, options })).split("\n")).toEqual([
      "read me",
      ...["-C", "/a", "-C", "/b", "-c", "config:x:1", "-e", "here"],
      ...["python", "-c", 'exec("print(\\"é\\")\\n")', "from outside", ""],
    ]);
    const without = { env, withoutEnvironment: true, environmentDirectory: "" };
    expect(await runSpackPython({ ...request, root, options: without })).toContain("\n-E\npython\n");
  });

  it("reports the standard error of Spack", async () => {
    const root = spackThat("echo '==> Error: no such thing' >&2; exit 1");
    await expect(runSpackPython({ ...request, root })).rejects.toMatchObject({
      code: "ERR_SPACK_RUN",
      message: expect.stringContaining("==> Error: no such thing"),
      place: join(root, "bin/spack"),
    });
    await expect(runSpackPython({ ...request, root: spackThat("exit 3") })).rejects.toThrow(
      "exited with status 3",
    );
  });

  it("reports that Spack cannot be run", async () => {
    const failed = runSpackPython({ ...request, root: "/nonexistent" });
    await expect(failed).rejects.toMatchObject({ code: "ERR_SPACK_RUN", kind: "failed" });
  });

  it.each([
    ["a NUL byte", "config:\0:1"],
    ["more than the system takes", "x".repeat(3_000_000)],
  ])("reports an argument with %s", async (_what, setting) => {
    const options = { env, commandLine: [setting] };
    const failed = runSpackPython({ ...request, root: spackThat("cat"), options });
    await expect(failed).rejects.toMatchObject({ code: "ERR_SPACK_RUN", kind: "failed" });
  });

  it("is aborted with the signal's reason", async () => {
    const signal = AbortSignal.abort(new Error("stop"));
    const failed = runSpackPython({ ...request, root: spackThat("sleep 60"), signal });
    await expect(failed).rejects.toMatchObject({ name: "AbortError" });
  });
});
