// Options and results of spack-oci push.

import type { PushResult, RunnableImage } from "@spack-oci/buildcache";
import { describe, expect, it } from "vitest";
import { pushCommand, renderPush } from "../../src/commands/push.js";
import {
  descriptor,
  done,
  FAILURE_JSON,
  failed,
  failure,
  named,
  node,
  skipped,
  tagOf,
} from "../support/packages.js";
import { flagsOf, parse } from "../support/parse.js";
import { SIGN_FLAGS, UNSIGNED } from "../support/signature-options.js";

const image = (name: string, runEnvironment: RunnableImage["runEnvironment"] = "none"): RunnableImage => ({
  tag: tagOf(name),
  descriptor: descriptor("a"),
  layers: [descriptor("b")],
  runEnvironment,
});

const item = (name: string) => ({ node: node(name), tag: tagOf(name), prefix: `/opt/${name}` });

function result(changes: Partial<PushResult> = {}, plan: Partial<PushResult["plan"]> = {}): PushResult {
  const todo = ["zlib", "app"].map(item);
  return {
    plan: {
      graph: new Map(),
      roots: [],
      todo,
      present: [],
      absent: [],
      excluded: [],
      installed: 2,
      ...plan,
    },
    relocation: undefined,
    reused: new Map(),
    packages: [done("zlib"), done("app")],
    images: [image("zlib"), image("app")],
    tagged: undefined,
    index: undefined,
    ...changes,
  };
}

const tree = (paddedLength: number) =>
  ({
    tree: { store: { unpaddedRoot: "/opt/spack" }, paddedLength, projections: new Map([["all", "{name}"]]) },
    refused: new Map([[named("app").hash, failure("failed")]]),
    unrelocatable: undefined,
  }) as unknown as NonNullable<PushResult["relocation"]>;

describe("options", () => {
  it("are these, in this order", () => {
    expect(flagsOf(pushCommand)).toEqual([
      "--store <dir>",
      "--all",
      "-f, --force",
      "-u, --unsigned",
      "--only <what>",
      "--with-build-dependencies",
      "--without-build-dependencies",
      "--strict",
      "--fail-fast",
      "--private",
      "--exclude <spec>",
      "--exclude-mirror <mirror>",
      "--base-image <ref>",
      "--run-environment <source>",
      "--compression <kind>",
      "--relocate-to <root>",
      "--padded-length <n>",
      "--projection <spec=format>",
      "-t, --tag <tag>",
      "--digests-file <file>",
      "--sbom",
      "--provenance",
      "--update-index",
      ...SIGN_FLAGS,
      "--no-verify",
      "--dry-run",
    ]);
  });

  it("have defaults", async () => {
    expect(await parse(pushCommand, "mochi")).toEqual({
      mirror: "mochi",
      specs: [],
      store: undefined,
      all: false,
      force: false,
      unsigned: false,
      only: undefined,
      withBuildDependencies: false,
      withoutBuildDependencies: false,
      strict: false,
      failFast: false,
      private: false,
      provenance: false,
      sbom: false,
      exclude: undefined,
      excludeMirror: undefined,
      baseImage: undefined,
      runEnvironment: "known",
      compression: "gzip",
      relocateTo: undefined,
      paddedLength: undefined,
      projections: undefined,
      tag: undefined,
      digestsFile: undefined,
      updateIndex: false,
      rebuildIndex: false,
      ...UNSIGNED,
      noVerify: false,
      dryRun: false,
    });
  });

  it("take values", async () => {
    const args = ["-f", "-u", "--only", "package", "--exclude", "a", "--exclude", "b", "-t", "all"];
    const tree = ["--relocate-to", "/opt", "--padded-length", "64", "--projection", "all={name}"];
    expect(await parse(pushCommand, "mochi", "zlib", "app", ...args, ...tree)).toMatchObject({
      specs: ["zlib", "app"],
      force: true,
      unsigned: true,
      only: "package",
      exclude: ["a", "b"],
      tag: "all",
      relocateTo: "/opt",
      paddedLength: 64,
      projections: new Map([["all", "{name}"]]),
    });
  });

  it("accept Spack's former name of --update-index", async () => {
    expect(await parse(pushCommand, "mochi", "--rebuild-index")).toMatchObject({ updateIndex: true });
  });

  it.each([
    [[], "missing required argument 'mirror'"],
    [["m", "--only", "everything"], "Allowed choices are package, dependencies."],
    [["m", "--compression", "xz"], "Allowed choices are gzip, zstd."],
    [["m", "--run-environment", "x"], "Allowed choices are known, spack."],
    [["m", "--padded-length", "-1"], "Expected a whole number of characters from 0 to 4096."],
    [["m", "--projection", "{name}"], "Expected SPEC=FORMAT, such as all={name}-{version}-{hash}."],
    [["m", "--exclude", ""], "option '--exclude <spec>' is empty"],
  ])("reject %j", async (args, message) => {
    await expect(parse(pushCommand, ...args)).rejects.toThrow(message);
  });
});

describe("a push", () => {
  it("that succeeds is counted, and lists its images", () => {
    const present = [item("old")];
    const { json, lines, status } = renderPush(result({}, { present }), false);
    expect({ lines, status }).toEqual({ lines: ["Pushed 2 of 2 packages; 1 already present."], status: 0 });
    expect(json).toEqual({
      planned: [
        { ...named("zlib"), tag: tagOf("zlib") },
        { ...named("app"), tag: tagOf("app") },
      ],
      pushed: [
        { ...named("zlib"), bytes: 1000 },
        { ...named("app"), bytes: 1000 },
      ],
      images: ["zlib", "app"].map((name) => ({
        tag: tagOf(name),
        ...descriptor("a"),
        layers: [descriptor("b")],
        runEnvironment: "none",
      })),
      present: [{ ...named("old"), tag: tagOf("old") }],
      absent: [],
      originals: [],
      excluded: [],
      failed: [],
      skipped: [],
    });
  });

  it("that fails has the status of its error", () => {
    const packages = [failed("zlib"), skipped("app", "zlib")];
    const { json, lines, status } = renderPush(result({ packages, images: [] }), false);
    expect(lines).toEqual([
      "Failed: zlib@1.0/zlibxxx: no access",
      "Skipped, because their dependencies failed: app@1.0/appxxxx.",
      "Pushed 0 of 2 packages; 0 already present; 1 failed, 1 skipped.",
    ]);
    expect(status).toBe(4);
    expect(json).toMatchObject({
      failed: [{ ...named("zlib"), error: FAILURE_JSON }],
      skipped: [{ ...named("app"), because: named("zlib") }],
    });
  });

  it("reports packages that are not installed, and fails, like Spack", () => {
    const absent = result({}, { absent: [node("cmake")] });
    const { json, lines, status } = renderPush(absent, false);
    expect(lines[0]).toBe("cmake@1.0/cmakexx is not installed and was not pushed.");
    expect(json).toMatchObject({ absent: [named("cmake")] });
    expect(status).toBe(1);
  });

  it("reports reused layers", () => {
    const reused = new Map([[named("zlib").hash, {}]]) as unknown as PushResult["reused"];
    const { json, lines } = renderPush(result({ reused }), false);
    expect(lines).toContain("Reused the layers of 1 pulled package.");
    expect(json).toMatchObject({ originals: [named("zlib")] });
  });

  it("reports where variables of recipes came from", () => {
    const images = [image("zlib", "spack"), image("app", "table"), image("old", "table")];
    expect(renderPush(result({ images }), false).lines).toContain(
      "Variables set by recipes: 1 from Spack, 2 from the built-in table.",
    );
  });

  it("reports the install tree, and fails if packages do not fit it", () => {
    const { json, lines, status } = renderPush(result({ relocation: tree(64) }), false);
    expect(lines).toContain("Packages in this mirror are relocated to /opt/spack, padded to 64 characters.");
    expect(status).toBe(1);
    expect(json).toMatchObject({
      installTree: { root: "/opt/spack", paddedLength: 64, projections: { all: "{name}" } },
      unrelocatable: [],
    });
    expect(renderPush(result({ relocation: tree(0) }), false).lines).toContain(
      "Packages in this mirror are relocated to /opt/spack.",
    );
  });

  it("reports the common image, or why it could not be made", () => {
    const made = renderPush(result({ tagged: { ...image("all"), tag: "all" } }), false);
    expect(made.lines).toContain("Tagged all packages as all.");
    expect(made.json).toMatchObject({ tagged: { tag: "all" }, images: [{}, {}, { tag: "all" }] });
    const not = renderPush(result({ tagged: { outcome: "failed", error: failure() } }), false);
    expect(not).toMatchObject({ json: { tagged: { error: FAILURE_JSON } }, status: 4 });
    expect(not.lines).toContain("no access");
  });

  it("reports an index that could not be written", () => {
    const { json, lines, status } = renderPush(
      result({ index: { outcome: "failed", error: failure() } }),
      false,
    );
    expect(lines).toContain("Could not write the index: no access");
    expect(json).toMatchObject({ index: { outcome: "failed", error: FAILURE_JSON } });
    expect(status).toBe(4);
  });

  it("that is planned only names what would be pushed", () => {
    const planned = result({ relocation: tree(0), packages: [], images: [] });
    const { lines, status } = renderPush(planned, true);
    expect(lines).toEqual([`would push ${tagOf("zlib")}`, `cannot push ${tagOf("app")}`]);
    expect(status).toBe(1);
  });
});
