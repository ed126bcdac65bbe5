// `spack-oci find` prints what `spack find` prints.

import { beforeAll, expect, it } from "vitest";
import { fixture } from "../support/fixtures.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";

describeWithSpack("spack-oci find", () => {
  let root: string;
  let spack: Spack;

  beforeAll(async () => {
    root = shortRoot();
    spack = await Spack.create({ root });
    const { status, stderr } = await spack.ours(
      "pull",
      `oci-layout:${fixture("oci-layout-main")}`,
      "bedrock-lite",
    );
    expect(status, stderr).toBe(0);
    const hashes = await spack.do("find", "--no-groups", "--format", "{hash}", "mercury-lite");
    spack.variables["SPACK_LOADED_HASHES"] = `nothing:${hashes.trim()}`;
  });

  it.each(["2 weeks ago", "a minute ago", "1 hours ago", "2026-01-31 12:00"])(
    "find what was installed after %s",
    async (date) => {
      for (const option of ["--start-date", "--end-date"]) {
        const theirs = await spack.run("find", option, date);
        const ours = await spack.ours("find", option, date);
        expect(ours, option).toMatchObject({ status: theirs.status, stdout: theirs.stdout });
      }
    },
  );

  it("load --list is find --loaded", async () => {
    const theirs = await spack.do("load", "--list");
    expect(theirs).toContain("mercury-lite");
    expect((await spack.ours("load", "--list")).stdout).toBe(theirs);
  });

  it.each([
    ...[
      ["-l", "-L", "-p", "-lp", "-v", "-N", "-f", "-d", "-ldp", "-I", "-x", "-X", "-H", "-m", "-M"],
      ["--no-groups", "--deprecated", "--json", "--json -d", "--format {name}-{hash:5}", "--format {prefix}"],
      [
        "--groups --format {name}",
        "--install-tree local",
        "--install-tree upstream",
        "--install-tree all -l",
      ],
      ["--start-date yesterday", "--end-date yesterday", "--start-date 2019-02 --end-date 2020-01-31"],
      ["--loaded", "--loaded -l mercury-lite", "--loaded nothing", "--start-date someday"],
      ["", "mercury-lite", "bedrock-lite ^json-c-lite", "nothing"],
    ]
      .flat()
      .map((line) => [line, false] as const),
    ...["", "-l", "-c", "-r", "-x", "-cp", "--format {name}", "mercury-lite", "nothing", "--json"].map(
      (line) => [line, true] as const,
    ),
  ])("find %s, in an environment: %j", async (line, inEnvironment) => {
    const args = line === "" ? [] : line.split(" ");
    const before = inEnvironment ? ["-e", spack.environment] : [];
    const theirs = await spack.run(...before, "find", ...args);
    const ours = await spack.ours(...before, "find", ...args);
    const read = (output: string): unknown => (line.startsWith("--json") ? JSON.parse(output) : output);
    expect(read(ours.stdout), ours.stderr).toEqual(read(theirs.stdout));
    expect(ours.status === 0).toBe(theirs.status === 0);
  });
});
