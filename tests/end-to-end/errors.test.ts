// Errors: each has its message, code and exit status.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { type CommandRun, type RunOptions, SHORT_WAITS, spackOci } from "../support/command-line.js";
import { fixture, readJson } from "../support/fixtures.js";
import { ownLayerIn, startMirror, tagIn } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { leftovers, prefixNames } from "../support/store-tree.js";
import type { TestRegistryOptions } from "../support/test-registry/test-registry.js";

const layout = `oci-layout:${fixture("oci-layout-main")}`;
const scratch = scratchDirectory("errors");
let roots = 0;

function newRoot(): string {
  roots += 1;
  return `${scratch}/${roots}/opt`;
}

interface Trouble {
  readonly status: number;
  readonly code: string;
  /** Strings that the text output must contain. */
  readonly says: readonly (string | RegExp)[];
}

interface Database {
  readonly database: {
    readonly installs: Record<string, { readonly spec: { readonly name: string }; installed: boolean }>;
  };
}

interface ErrorJson {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Runs a command that fails, once with text output and once with --json. */
async function fails(args: readonly string[], trouble: Trouble, options: RunOptions = {}): Promise<void> {
  const plain = await spackOci(args, options);
  expect(plain).toMatchObject({ status: trouble.status, stdout: "" });
  for (const part of trouble.says) expect(plain.stderr).toMatch(part);
  const programs = await spackOci([...args, "--json"], options);
  expect(programs.status).toBe(trouble.status);
  expect(programs.json()).toMatchObject({ error: { code: trouble.code, message: expect.any(String) } });
  expect(Object.keys(programs.json<object>())).toEqual(["error"]);
}

interface ResultJson {
  readonly pulled: readonly { name: string }[];
  readonly failed: readonly { name: string; error: ErrorJson }[];
  readonly skipped: readonly { name: string; because: { name: string } }[];
}

/** Runs a pull in which one package fails, once with text output and once with --json. */
async function failsOnePackage(
  mirror: string,
  spec: string,
  trouble: Trouble & { readonly failed: string; readonly skipped: readonly string[] },
): Promise<void> {
  const root = newRoot();
  const programs = await spackOci(["pull", mirror, spec, "--root", root, "--json"]);
  expect(programs.status).toBe(trouble.status);
  const { pulled, failed, skipped } = programs.json<ResultJson>();
  expect(failed).toMatchObject([{ name: trouble.failed, error: { code: trouble.code } }]);
  expect(skipped.map(({ name }) => name).sort()).toEqual([...trouble.skipped].sort());
  for (const { because } of skipped) expect(because.name).toBe(trouble.failed);
  expect(prefixNames(root)).toHaveLength(pulled.length);
  expect(pulled.length).toBeGreaterThan(0);
  expect(leftovers(root)).toEqual([]);

  const plain = await spackOci(["pull", mirror, spec, "--root", newRoot()]);
  expect(plain.status).toBe(trouble.status);
  for (const part of trouble.says) expect(plain.stderr).toMatch(part);
  for (const name of trouble.skipped)
    expect(plain.stderr).toMatch(
      new RegExp(`skipped ${name}@.*: its dependency ${trouble.failed}@.* failed`),
    );
  expect(plain.stdout).toMatch(`; 1 failed`);
}

async function started(options: TestRegistryOptions = {}) {
  const mirror = await startMirror(options);
  onTestFinished(() => mirror.registry.close());
  return mirror;
}

describe("a root longer than the producer's padding", () => {
  // As long as the oracle's root: /tmp/spackD-with-a-rather-longer-install-root-than-the-producer/opt, padded to 160.
  const root = `${scratchDirectory("a-rather-longer-install-root-than-the-producer")}/opt`;
  const producer = "/tmp/spackA/opt/[padded-to-128-chars]/linux-x86_64_v3";
  let plain: CommandRun;
  let programs: ResultJson;

  beforeAll(async () => {
    const args = ["pull", layout, "--root", root, "--padded-length", "160"];
    plain = await spackOci(args);
    const again = await spackOci([...args, "--json"]);
    expect(again.status).toBe(1);
    programs = again.json();
  });

  it("installs what Spack installs with patchelf, and nothing of other packages", () => {
    // expected-D.txt, D2; the two build tools are pulled only here, and have nothing that would have to grow.
    const [padding = "", ...others] = prefixRoots(plain.stdout);
    expect(others).toEqual([]);
    expect(prefixNames(padding)).toEqual([
      "build-tool-lite-3.31-7otxxsjhpcig6vdra2ijjtl5z5rcnjj3",
      "compiler-wrapper-1.0-jrtxylmzw232laxox2s5a5wkhr7skrim",
      "data-lite-git.main_1.0-li7gaiejel2xqxkbobzkjiet52vxsuej",
      "gcc-runtime-12.2.0-mysq6wt4gnlcxnyqdavvsy4ifiwu7zgx",
      "interp-lite-3.11.9-dg2qu2xc7sxwzjbkavtgr572pin5nyue",
      "json-c-lite-0.18-exoqmbsmof5qncjfcc3uyoqikrb3rrpd",
      "mochi-package-with-an-extraordinarily-long-name-that-does-not-fit-in-a-hundred-and-twenty-eight-byte-tag-2025.01.01-rc.1-zkuhj5ht4jh2ixpjc6au7yhj2go5xpxx",
      "mochi-scripts-2025.1-zvejdxw7uv4qx5ogs6dsnnbmndc2yq6l",
      "tricky-names-1-beleuo6ahuatandakrubw3e34ihbna2f",
    ]);
    expect(leftovers(padding)).toEqual([]);
  });

  it("installs working programs with grown run paths", () => {
    const [padding = ""] = prefixRoots(plain.stdout);
    const [script = "", interpreter = ""] = ["mochi-scripts", "interp-lite"].map((name) =>
      join(padding, "linux-x86_64_v3", prefixNames(padding).find((each) => each.startsWith(name)) ?? ""),
    );
    const shown = execFileSync(join(script, "bin/scripted"), { encoding: "utf8" });
    expect(shown).toBe(`script prefix=${script}\ninterp=${interpreter} root=${padding}\n`);
    expect(readFileSync(join(interpreter, "bin/lite-sh")).includes(`\0${interpreter}/lib:`)).toBe(true);
  });

  it("exits with 1, and counts failed and skipped packages", () => {
    expect(plain.status).toBe(1);
    expect(plain.stdout).toMatch(/^Pulled 9 of 20 packages; 0 already present; \d failed, \d skipped\.$/m);
  });

  it("names package, file and both prefixes, and how to fix it", () => {
    const text = plain.stderr;
    expect(text).toContain("failed argobots-lite@1.2/qei4a2e: bin/abt-config-static: ");
    const own = "argobots-lite-1.2-qei4a2elhjoy5ika5tszegesixq6acir";
    const line = text.split("\n").find((each) => each.includes("failed argobots-lite@1.2")) ?? "";
    const [from = "", to = ""] = line.split(" has no room for the longer ");
    expect(from).toContain(`bin/abt-config-static: ${producer}/${own}`);
    expect(to).toContain(`${root}/[padded-to-160-chars]/linux-x86_64_v3/${own}`);
    expect(text).toContain(
      "Build the package with more padding (config:install_tree:padded_length), or install",
    );
  });

  it("skips and names dependents of a failed package", () => {
    expect(plain.stderr).toMatch(
      /skipped mochi-suite@2025\.1\/flnozuu: its dependency [a-z-]+@[0-9.]+\/\w{7} failed/,
    );
    // It depends on timing which of them started before their dependency failed.
    const failedOrSkipped = [...programs.failed, ...programs.skipped].map(({ name }) => name).sort();
    expect(failedOrSkipped).toEqual(
      [
        ...[
          "argobots-lite",
          "argobots-lite",
          "bedrock-lite",
          "libfabric-lite",
          "libfabric-lite",
          "margo-lite",
        ],
        ...["mercury-lite", "mercury-lite", "mochi-suite", "thallium-lite", "tricky-lite"],
      ].sort(),
    );
    for (const { error } of programs.failed) {
      expect(error).toMatchObject({ code: "ERR_RELOCATION_BLOCKED", hint: expect.stringMatching(/padding/) });
      // JSON output has unabbreviated paths.
      expect(error.message).toContain("__spack_path_placeholder__");
    }
  });
});

/** The padded roots of prefixes printed by a pull. */
function prefixRoots(stdout: string): string[] {
  const roots = [...stdout.matchAll(/^\[\+\] (.*)\/linux-x86_64_v3\//gm)].map(([, root = ""]) => root);
  return [...new Set(roots)];
}

describe("missing", () => {
  it.each(["pull", "list"])("%s: a package that is not in the buildcache", async (verb) => {
    const root = verb === "pull" ? ["--root", newRoot()] : [];
    const says = [
      "no-such-thing is not in oci-layout:",
      'Run "spack-oci list" to see what a buildcache holds',
    ];
    await fails([verb, layout, "no-such-thing", ...root], { status: 3, code: "ERR_SPEC_NOT_FOUND", says });
    await fails([verb, layout, "/abcdefg", ...root], {
      status: 3,
      code: "ERR_SPEC_NOT_FOUND",
      says: [/\/abcdefg is not in oci-layout:/],
    });
  });

  it("push: a package that is not in the store", async () => {
    await fails(["push", `oci-layout:${scratch}/new`, "no-such-thing", "--store", extractSampleStore()], {
      status: 3,
      code: "ERR_SPEC_NOT_FOUND",
      says: [`no-such-thing is not in the store ${extractSampleStore()}`],
    });
  });

  it("a dependency that the index lists, but the registry has lost", async () => {
    const { repository, mirror } = await started();
    repository.tags.delete(tagIn(repository, "libfabric-lite-1.22.0"));
    await failsOnePackage(mirror, "margo-lite", {
      status: 3,
      code: "ERR_OCI_NOT_FOUND",
      says: [/failed libfabric-lite@1.22.0\/rqfigxh: .*libfabric-lite-1.22.0/, "404"],
      failed: "libfabric-lite",
      skipped: ["mercury-lite", "margo-lite"],
    });
  });

  it("a dependency that was never pushed", async () => {
    const { repository, registry, mirror } = await started();
    repository.tags.delete(tagIn(repository, "libfabric-lite-1.22.0"));
    expect(await spackOci(["update-index", mirror])).toMatchObject({ status: 0 });
    await failsOnePackage(mirror, "margo-lite", {
      status: 3,
      code: "ERR_SPEC_NOT_FOUND",
      says: [/failed libfabric-lite@1.22.0\/rqfigxh: libfabric-lite@1.22.0\/rqfigxh is not in oci\+http:/],
      failed: "libfabric-lite",
      skipped: ["mercury-lite", "margo-lite"],
    });
    const dry = ["pull", mirror, "margo-lite", "--root", newRoot(), "--dry-run"];
    const plain = await spackOci(dry);
    expect(plain.status).toBe(3);
    expect(plain.stdout).toContain(`libfabric-lite@1.22.0/rqfigxh is not in ${mirror}.`);
    expect((await spackOci([...dry, "--json"])).json<ResultJson>().failed).toMatchObject([
      { name: "libfabric-lite", error: { code: "ERR_SPEC_NOT_FOUND" } },
    ]);
    registry.reset();
    await spackOci(["pull", mirror, "margo-lite", "--root", newRoot()]);
    expect(registry.count("GET", /manifests\/(margo|mercury)-lite/)).toBe(0);
  });

  it("a buildcache, not just an index", async () => {
    const { mirror } = await started();
    for (const place of [`oci-layout:${scratch}/nowhere`, `${mirror}/nowhere`]) {
      const run = await spackOci(["list", place]);
      expect(run).toMatchObject({ status: 3, stdout: "" });
      expect(run.stderr).not.toContain("has no index");
    }
  });

  it.each(["ghcr.io/org/cache", "/srv/cache", "mochi"])("a mirror called %s, without a Spack", (mirror) =>
    fails(["list", mirror], {
      status: 2,
      code: "ERR_MIRROR_UNKNOWN",
      says: [`"${mirror}" is not a mirror URL`, /no `spack` on PATH/, /oci:\/\/HOST\/PATH/],
    }),
  );

  it("a store to push from", async () => {
    const says = [/nowhere is not a Spack store \(no \.spack-db directory\)/, /config:install_tree:root/];
    await fails(["push", `oci-layout:${scratch}/new`, "--store", `${scratch}/nowhere`], {
      status: 3,
      code: "ERR_STORE_NOT_FOUND",
      says,
    });
    await fails(["push", `oci-layout:${scratch}/new`], {
      status: 2,
      code: "ERR_NO_STORE",
      says: [/--store DIR/, /SPACK_ROOT/],
    });
  });

  it("a dependency of a pushed package", async () => {
    const path = `${scratch}/incomplete/.spack-db/index.json`;
    mkdirSync(dirname(path), { recursive: true });
    const database = readJson<Database>("producer/spack-db-index.json");
    const record = Object.values(database.database.installs).find(({ spec }) => spec.name === "json-c-lite");
    if (record !== undefined) record.installed = false;
    writeFileSync(path, JSON.stringify(database));
    const args = ["push", `oci-layout:${scratch}/new`, "bedrock-lite", "--store", `${scratch}/incomplete`];
    const run = await spackOci([...args, "--dry-run"]);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(
      /^warning: json-c-lite@0\.18\/exoqmbs is neither installed nor in oci-layout:/m,
    );
    await fails([...args, "--fail-fast"], {
      status: 1,
      code: "ERR_NOT_INSTALLED",
      says: [/json-c-lite@0\.18\/exoqmbs/],
    });
  });

  it("any buildcache", async () => {
    const { registry } = await started();
    for (const mirror of [registry.location("some/thing-else"), `oci-layout:${scratch}/no-layout`]) {
      const run = await spackOci(["pull", mirror, "margo-lite", "--root", newRoot()]);
      expect(run).toMatchObject({ status: 3, stdout: "" });
      expect(run.stderr).toMatch(
        /some\/thing-else: .* does not have it|no-layout is not an OCI image layout/,
      );
    }
  });
});

describe("a registry that does not answer", () => {
  it("refuses connections", async () => {
    const port = await closedPort();
    await fails(["pull", `oci+http://127.0.0.1:${port}/a/b`, "--root", newRoot()], {
      status: 6,
      code: "ERR_OCI_UNREACHABLE",
      says: [`127.0.0.1:${port} refused the connection`, "Check the host and port"],
    });
    await fails(["push", `oci+http://127.0.0.1:${port}/a/b`, "--store", extractSampleStore()], {
      status: 6,
      code: "ERR_OCI_UNREACHABLE",
      says: ["refused the connection"],
    });
  });

  it("has no address", async () => {
    await fails(["list", "oci://no-such-host.invalid/a/b"], {
      status: 6,
      code: "ERR_OCI_UNREACHABLE",
      says: [/no-such-host\.invalid (has no address|could not be resolved)/],
    });
  });

  it("answers every attempt with an error", async () => {
    const { registry, mirror } = await started();
    registry.fault({ status: 503, times: Number.POSITIVE_INFINITY });
    const says = ["503", "Try again later; the problem is on the registry's side."];
    const trouble = { status: 6, code: "ERR_OCI_UNREACHABLE", says };
    await fails(["pull", mirror, "--root", newRoot()], trouble, { mirrors: SHORT_WAITS });
  });

  it("asks for patience on every attempt, or for too much", async () => {
    const { registry, mirror } = await started();
    registry.fault({ status: 429, times: Number.POSITIVE_INFINITY });
    const trouble = { status: 6, code: "ERR_OCI_RATE_LIMITED", says: [/429/, /asks for fewer requests/] };
    await fails(["pull", mirror, "--root", newRoot()], trouble, { mirrors: SHORT_WAITS });
    registry.reset();
    registry.fault({ status: 429, headers: { "retry-after": "3600" }, times: Number.POSITIVE_INFINITY });
    await fails(["list", mirror], trouble);
    expect(registry.requests).toHaveLength(2);
  });
});

describe("denied access", () => {
  const users = { me: "secret" };

  it.each(["basic", "bearer"] as const)("without logging in (%s)", async (kind) => {
    const { registry, mirror } = await started({ auth: { kind, users } });
    const trouble = { status: 4, code: "ERR_OCI_DENIED", says: [/401/, /Log in/, /anonymous/] };
    await fails(["pull", mirror, "--root", newRoot()], trouble);
    await fails(["push", mirror, "--store", extractSampleStore()], trouble);
    expect(registry.requests.length).toBeLessThan(20);
  });

  it.each(["basic", "bearer"] as const)("with a wrong password (%s)", async (kind) => {
    const { mirror } = await started({ auth: { kind, users } });
    const environment = { HOME: "/nonexistent", SPACK_OCI_USERNAME: "me", SPACK_OCI_PASSWORD: "wrong" };
    const run = await spackOci(["list", mirror], { environment });
    expect(run.status).toBe(4);
    expect(run.stderr).toContain("SPACK_OCI_PASSWORD");
    expect(run.stderr).not.toContain("wrong");
  });

  it("with permission to pull, but not to push", async () => {
    const { mirror } = await started({ auth: { kind: "bearer", users, anonymousPull: true } });
    expect(await spackOci(["list", mirror])).toMatchObject({ status: 0 });
    const args = ["push", mirror, "json-c-lite", "--force", "--store", extractSampleStore(), "--json"];
    const run = await spackOci(args);
    expect(run.status).toBe(4);
    const { failed } = run.json<ResultJson>();
    expect(new Set(failed.map(({ error }) => error.code))).toEqual(new Set(["ERR_OCI_DENIED"]));
  });
});

describe("corrupt content", () => {
  it("a layer", async () => {
    const { repository, mirror } = await started();
    const digest = ownLayerIn(repository, tagIn(repository, "libfabric-lite-1.22.0"));
    const bytes = Buffer.from(repository.blobs.get(digest) ?? "");
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    repository.blobs.set(digest, bytes);
    await failsOnePackage(mirror, "margo-lite", {
      status: 5,
      code: "ERR_OCI_CORRUPT",
      says: [/failed libfabric-lite@1.22.0\/rqfigxh: .*digest/, digest],
      failed: "libfabric-lite",
      skipped: ["mercury-lite", "margo-lite"],
    });
  });

  it("a tag of another package", async () => {
    const { repository, mirror } = await started();
    const other = repository.tags.get(tagIn(repository, "libfabric-lite-1.21.1")) ?? "";
    repository.tags.set(tagIn(repository, "libfabric-lite-1.22.0"), other);
    await failsOnePackage(mirror, "margo-lite", {
      status: 5,
      code: "ERR_WRONG_PACKAGE",
      says: [/libfabric-lite-1.22.0-.*spack is libfabric-lite@1.21.1\/y3ylaj5/, /--force/],
      failed: "libfabric-lite",
      skipped: ["mercury-lite", "margo-lite"],
    });
  });

  it("an index", async () => {
    const { registry, mirror } = await started();
    registry.fault({ path: /blobs\/sha256/, corruptAt: 100, times: Number.POSITIVE_INFINITY });
    await fails(["list", mirror], { status: 5, code: "ERR_OCI_CORRUPT", says: [/digest/] });
  });

  it("an index that is not an index, which update-index fixes", async () => {
    const { repository, mirror } = await started();
    const good = repository.tags.get("index.spack") ?? "";
    for (const bad of [JSON.stringify({ nothing: "here" }), "{"]) {
      const digest = repository.putBlob(Buffer.from(bad));
      const blob = { mediaType: "application/octet-stream", digest, size: bad.length };
      const manifest = { schemaVersion: 2, config: blob, layers: [blob] };
      const mediaType = "application/vnd.oci.image.manifest.v1+json";
      repository.putManifest(mediaType, Buffer.from(JSON.stringify(manifest)), "index.spack");
      await fails(["list", mirror], {
        status: 5,
        code: "ERR_DATABASE_CORRUPT",
        says: [/The index is broken/, /spack-oci update-index/],
      });
      expect(await spackOci(["update-index", mirror])).toMatchObject({ status: 0 });
      expect((await spackOci(["list", mirror, "--json"])).json()).toHaveLength(20);
      expect(repository.tags.get("index.spack")).toBe(good);
    }
  });
});

describe("wrong usage", () => {
  const root = ["--root", "/nonexistent/root"];
  it.each([
    ["no command", [], /Usage: spack-oci/],
    ["an unknown command", ["fetch"], /unknown command 'fetch'/],
    ["an unknown option", ["list", layout, "--lang"], /unknown option '--lang'[\s\S]*Did you mean --long/],
    ["no mirror", ["list"], /missing required argument 'mirror'/],
    ["an invalid number of jobs", ["list", layout, "-j", "0"], /whole number from 1 to 1024/],
    ["an invalid length", ["pull", layout, ...root, "--padded-length", "x"], /whole number of characters/],
    ["an invalid projection", ["pull", layout, ...root, "--projection", "x"], /all=\{name\}/],
  ])("%s", async (_what, args, says) => {
    const plain = await spackOci(args);
    expect(plain).toMatchObject({ status: 2, stdout: "" });
    expect(plain.stderr).toMatch(says);
    if (args.length === 0) return;
    const programs = await spackOci([...args, "--json"]);
    expect(programs).toMatchObject({ status: 2 });
    expect(programs.json()).toMatchObject({ error: { code: "ERR_USAGE", kind: "usage" } });
  });

  it("neither a root nor a Spack", async () => {
    await fails(["pull", layout], {
      status: 2,
      code: "ERR_NO_STORE",
      says: [/--root DIR/, /--spack-root DIR/],
    });
  });

  it("an invalid mirror", async () => {
    const trouble = { status: 2, code: "ERR_OCI_LOCATION", says: [/oci:\/\//] };
    await fails(["list", "https://example.com/a/b"], trouble);
  });

  it("an invalid spec", async () => {
    const trouble = { status: 2, code: "ERR_SPEC_TOKENS", says: [/json!c/] };
    await fails(["list", layout, "json!c"], trouble);
  });

  it("an ambiguous spec", async () => {
    await fails(["pull", layout, "argobots-lite", ...root], {
      status: 2,
      code: "ERR_SPEC_AMBIGUOUS",
      says: [
        /matches 2 packages/,
        /argobots-lite@1\.2\/qei4a2e/,
        /argobots-lite@main\/n3c43qu/,
        /by its hash/,
      ],
    });
  });

  it("an invalid time", async () => {
    const environment = { HOME: "/nonexistent", SOURCE_DATE_EPOCH: "yesterday" };
    await fails(
      ["push", `oci-layout:${scratch}/new`, "--store", extractSampleStore()],
      { status: 2, code: "ERR_SOURCE_DATE_EPOCH", says: [/SOURCE_DATE_EPOCH/] },
      { environment },
    );
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
