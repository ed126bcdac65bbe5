// Bills of materials: printed, in files, and attached to images by sbom and by push.

import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fetchBytes, fetchManifest, ImageLayout, isImageIndex, referrersOf } from "@spack-oci/oci-client";
import { describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { packageTagsOf } from "../support/images.js";
import { scratchDirectory } from "../support/scratch.js";
import { writeKeys } from "../support/signing-keys.js";

interface SbomJson {
  readonly documents: readonly {
    readonly name: string;
    readonly format: string;
    readonly referrer?: string;
    readonly outcome?: string;
    readonly file?: string;
    readonly document?: {
      readonly packages: readonly { readonly name: string; readonly licenseDeclared: string }[];
    };
  }[];
}

const scratch = scratchDirectory("sbom");
const sample = `oci-layout:${fixture("oci-layout-main")}`;
const GITHUB = {
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "octocat/hello",
  GITHUB_SHA: "abc",
  GITHUB_WORKFLOW_REF: "octocat/hello/.github/workflows/ci.yml@refs/heads/main",
  GITHUB_RUN_ID: "12",
};

function push(name: string, ...args: readonly string[]) {
  const location = `oci-layout:${join(scratch, name)}`;
  return spackOci(["push", location, "margo-lite", "--store", extractSampleStore(), ...args], {
    environment: { HOME: "/nonexistent", ...GITHUB },
  });
}

/** The artifact types of what is attached to each package, by tag. */
async function attachedTo(
  layout: ImageLayout,
): Promise<ReadonlyMap<string, readonly (string | undefined)[]>> {
  const found = new Map<string, readonly (string | undefined)[]>();
  for (const tag of await packageTagsOf(layout)) {
    const { digest } = await layout.resolve(tag);
    found.set(tag, (await referrersOf(layout, digest)).map(({ artifactType }) => artifactType).sort());
  }
  return found;
}

async function contentOf(layout: ImageLayout, referrer: string): Promise<string> {
  const { manifest } = await fetchManifest(layout, referrer);
  const layer = isImageIndex(manifest) ? undefined : manifest.layers[0];
  if (layer === undefined) throw new TypeError(`${referrer} has no layer`);
  return (await fetchBytes(layout, layer, { limit: 1_000_000 })).toString();
}

describe("sbom", () => {
  it("prints the document of one package, with the licenses of recipes", async () => {
    const { status, stdout } = await spackOci(["sbom", sample, "margo-lite"]);
    expect(status).toBe(0);
    const { spdxVersion, packages } = JSON.parse(stdout);
    expect(spdxVersion).toBe("SPDX-2.3");
    const licenses = new Map(
      packages.map((each: { name: string; licenseDeclared: string }) => [each.name, each.licenseDeclared]),
    );
    expect(licenses.get("argobots-lite")).toBe("mpich2");
    expect([...licenses.keys()][0]).toBe("margo-lite");
  });

  it("is the same every time, as JSON for any number of packages", async () => {
    const [one, two] = [
      await spackOci(["sbom", sample, "--json"]),
      await spackOci(["sbom", sample, "--json"]),
    ];
    expect(one.json<SbomJson>().documents).toHaveLength(20);
    expect(one.stdout === two.stdout).toBe(true);
  });

  it.each([
    [[]],
    [["margo-lite", "json-c-lite"]],
    [["margo-lite", "--format", "spdx", "--format", "cyclonedx"]],
  ])("does not print several documents: %j", async (args) => {
    expect(await spackOci(["sbom", sample, ...args])).toMatchObject({ status: 2, stdout: "" });
  });

  it("writes files, and reports a directory that does not exist", async () => {
    const run = await spackOci(["sbom", sample, "json-c-lite", "--output", scratch, "--json"]);
    const files = run.json<SbomJson>().documents.map(({ file = "" }) => file);
    expect(files.map((file) => file.replace(/^.*\/json-c-lite-[^-]*-\w{32}/, ""))).toEqual([
      ".spdx.json",
      ".cdx.json",
    ]);
    for (const file of files) expect(JSON.parse(readFileSync(file, "utf8"))).toBeTypeOf("object");
    const missing = await spackOci(["sbom", sample, "json-c-lite", "--output", join(scratch, "missing")]);
    expect(missing).toMatchObject({ status: 2 });
    expect(missing.stderr).toContain(`Cannot write to ${join(scratch, "missing")}`);
  });

  it("attaches documents, each once", async () => {
    const directory = join(scratch, "attached");
    cpSync(fixture("oci-layout-main"), directory, { recursive: true });
    const attach = async () => {
      const run = await spackOci(["sbom", `oci-layout:${directory}`, "--attach", "--json"]);
      return run.json<SbomJson>().documents;
    };
    expect(new Set((await attach()).map(({ outcome }) => outcome))).toEqual(new Set(["attached"]));
    const again = await attach();
    expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(["present"]));
    const layout = new ImageLayout(directory);
    for (const types of (await attachedTo(layout)).values())
      expect(types).toEqual(["application/spdx+json", "application/vnd.cyclonedx+json"]);
    const [document] = again;
    expect(JSON.parse(await contentOf(layout, document?.referrer ?? ""))).toMatchObject({
      spdxVersion: "SPDX-2.3",
    });
    expect(await spackOci(["check", `oci-layout:${directory}`, "--deep"])).toMatchObject({ status: 0 });
  });
});

describe("push", () => {
  it("attaches the documents that sbom would attach later", async () => {
    expect(await push("pushed", "--sbom", "--without-build-dependencies")).toMatchObject({ status: 0 });
    const directory = join(scratch, "pushed");
    for (const types of (await attachedTo(new ImageLayout(directory))).values())
      expect(types).toHaveLength(2);
    const later = await spackOci(["sbom", `oci-layout:${directory}`, "--attach", "--json"]);
    expect(later.json<SbomJson>().documents.map(({ outcome }) => outcome)).toEqual(Array(12).fill("present"));
  });

  it("attaches provenance in a CI job, and says that it is not signed", async () => {
    const { status, stderr } = await push("stated", "--provenance");
    expect(status).toBe(0);
    expect(stderr).toContain("The provenance is not signed");
    const layout = new ImageLayout(join(scratch, "stated"));
    const types = [...(await attachedTo(layout)).values()];
    expect(types.length).toBeGreaterThan(5);
    for (const each of types) expect(each).toEqual(["application/vnd.in-toto+json"]);
  });

  it("attaches provenance signed, beside the signature of the image", async () => {
    const { key, pub } = writeKeys(scratch, "provenance");
    const { status, stderr } = await push("vouched", "--provenance", "--sign-key", key, "--update-index");
    expect(status).toBe(0);
    expect(stderr).not.toContain("not signed");
    const layout = `oci-layout:${join(scratch, "vouched")}`;
    const bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
    for (const types of (await attachedTo(new ImageLayout(join(scratch, "vouched")))).values())
      expect(types).toEqual([bundle, bundle]);
    expect(await spackOci(["check", layout, "--verify-key", pub])).toMatchObject({ status: 0 });
  });

  it("attaches nothing unless requested, and needs a job for provenance", async () => {
    expect(await push("plain")).toMatchObject({ status: 0 });
    const layout = new ImageLayout(join(scratch, "plain"));
    for (const types of (await attachedTo(layout)).values()) expect(types).toEqual([]);
    const args = [
      "push",
      `oci-layout:${join(scratch, "none")}`,
      "margo-lite",
      "--store",
      extractSampleStore(),
    ];
    const outside = await spackOci([...args, "--provenance", "--json"]);
    expect(outside).toMatchObject({ status: 2 });
    expect(outside.stdout).toContain("ERR_NO_CI_JOB");
    expect(readdirSync(scratch)).not.toContain("none");
  });
});
