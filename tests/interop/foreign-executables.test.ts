// Executables for other platforms, made here: emulated if QEMU and the libraries of arm64 are present, or read by LLVM
// and rcodesign. No Mac is needed to make those for macOS.

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { MemoryFile } from "../../packages/files/src/memory-file.js";
import { signaturesIn } from "../../packages/spack-tarball/test/support/macho-signatures.js";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { fixture } from "../support/fixtures.js";
import { onPath } from "../support/on-path.js";
import { scratchDirectory } from "../support/scratch.js";
import { tagDigests } from "../support/tag-digests.js";
import { loadCommands } from "./support/mach-o-commands.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithTools, output, tool } from "./support/tool.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const directory = scratchDirectory("executables");
const fileFor = (platform: string) => join(directory, `spack-oci-${platform}`);
const layout = `oci-layout:${fixture("oci-layout-main")}`;
const MINUTES = 600_000;

const PLATFORMS = ["linux-arm64", "darwin-arm64", "darwin-x64"];

const made = spawnSync(
  process.execPath,
  [
    join(repository, "scripts/executable.mjs"),
    ...["--output", directory],
    ...PLATFORMS.flatMap((platform) => ["--platform", platform]),
  ],
  { encoding: "utf8" },
);
const reason = made.status === 0 ? undefined : made.stderr.trim().split("\n").at(-1);
if (reason !== undefined)
  console.log(`skipped: executables for other platforms, which cannot be made here: ${reason}`);

const describeMade = describe.skipIf(reason !== undefined);

describeMade("executables for other platforms", () => {
  it.each(PLATFORMS)("come with a checksum and licenses: %s", (platform) => {
    const digest = createHash("sha256")
      .update(readFileSync(fileFor(platform)))
      .digest("hex");
    expect(readFileSync(`${fileFor(platform)}.sha256`, "utf8")).toBe(`${digest}  spack-oci-${platform}\n`);
    expect(readFileSync(`${fileFor(platform)}.LICENSES.txt`, "utf8")).toContain("Node.js is licensed");
  });

  it("for Macs with Apple silicon have an ad-hoc signature with right digests of all pages", () => {
    const bytes = readFileSync(fileFor("darwin-arm64"));
    expect(signaturesIn(new MemoryFile(bytes))).toMatchObject([
      // Ad hoc, of a main program.
      {
        identifier: expect.stringMatching(/^spack-oci-darwin-arm64-[0-9a-f]{40}$/),
        flags: 2,
        wrongPages: [],
        executable: [0, expect.anything(), 1],
      },
    ]);
  });
});

describeMade("LLVM", () => {
  const isMissing = onPath("llvm-objdump") === undefined;
  it.skipIf(isMissing).each(["darwin-arm64", "darwin-x64"])("finds the command in %s", async (platform) => {
    const commands = await loadCommands(fileFor(platform));
    const names = commands.flatMap((lines) => lines.filter((line) => line.startsWith("segname ")));
    expect(names).toContain("segname NODE_SEA");
    // A signature is at the end of the last segment, so that tools can replace it.
    const last = commands.findLast((lines) => lines.includes("cmd LC_SEGMENT_64")) ?? [];
    expect(last).toContain("segname __LINKEDIT");
    const [offset, size] = ["fileoff", "filesize"].map((name) =>
      Number(last.find((line) => line.startsWith(`${name} `))?.split(" ")[1]),
    );
    expect(Number(offset) + Number(size)).toBe(readFileSync(fileFor(platform)).length);
  });
});

describeWithTools("rcodesign")("rcodesign", () => {
  it.skipIf(reason !== undefined)(
    "finds no other fault than the missing certificate",
    async () => {
      const path = fileFor("darwin-arm64");
      const content = readFileSync(path);
      const digests = (await output("rcodesign", "compute-code-hashes", path)).trim().split("\n");
      expect(digests.length).toBeGreaterThan(10_000);
      const signature = content.subarray(content.lastIndexOf(Buffer.from("fade0cc0", "hex")));
      for (const digest of digests) expect(signature.includes(Buffer.from(digest, "hex"))).toBe(true);
      const { stdout } = await tool("rcodesign", "verify", path);
      const faults = stdout.split("\n");
      expect(
        faults.filter((line) => !/missing further values|signature data not found|^$/.test(line)),
      ).toEqual([]);
    },
    MINUTES,
  );
});

const emulator = onPath("qemu-aarch64-static", "qemu-aarch64");
/** A directory with the C and C++ libraries of arm64, such as Debian's libc6, libstdc++6 and libgcc-s1. */
const libraries = ["/usr/aarch64-linux-gnu", process.env["ARM64_TEST_ROOT"] ?? ""].find((path) =>
  existsSync(join(path, "lib", "ld-linux-aarch64.so.1")),
);
if (emulator === undefined || libraries === undefined)
  console.log(
    "skipped: the executable for arm64, because QEMU or the libraries (ARM64_TEST_ROOT) are missing",
  );

describeMade("the executable for arm64 in QEMU", () => {
  const isMissing = emulator === undefined || libraries === undefined;
  const environment = { HOME: directory, SOURCE_DATE_EPOCH: "1700000000" };
  const emulated = (...args: string[]) =>
    execFileSync(emulator ?? "", ["-L", libraries ?? "", fileFor("linux-arm64"), ...args], {
      encoding: "utf8",
      env: environment,
    });

  let store: string;
  beforeAll(() => {
    store = extractSampleStore();
  });

  it.skipIf(isMissing)(
    "pulls under locks that Spack sees",
    () => {
      const root = shortRoot();
      const args = ["pull", "--json", "--allarch", layout, "--root", root];
      const run = spawnSync(emulator ?? "", ["-L", libraries ?? "", fileFor("linux-arm64"), ...args], {
        encoding: "utf8",
        env: environment,
      });
      expect(JSON.parse(run.stdout), run.stderr).toMatchObject({ pulled: { length: 20 }, failed: [] });
      // Without native code, there would be links that stand for locks, and a warning.
      expect(run.stderr).not.toMatch(/warning: .*lock/);
    },
    MINUTES,
  );

  it.skipIf(isMissing)(
    "writes the same images as on any other machine",
    async () => {
      const push = (name: string) => ["push", `oci-layout:${join(directory, name)}`, "--store", store];
      emulated(...push("arm64"));
      const command = join(repository, "packages/cli/bin/spack-oci.cjs");
      execFileSync(process.execPath, [command, ...push("here")], { env: environment });
      const [one, other] = await Promise.all(
        ["arm64", "here"].map((name) => tagDigests(`oci-layout:${join(directory, name)}`)),
      );
      expect(Object.keys(one ?? {})).toHaveLength(20);
      expect(one).toEqual(other);
    },
    MINUTES,
  );
});
