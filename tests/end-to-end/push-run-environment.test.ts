// Variables that recipes add to images: from existing images, from the table, or from Spack on request.

import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fetchManifest, ImageLayout, pushBytes } from "@spack-oci/oci-client";
import { beforeAll, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { portableEnvironment } from "../support/image-environment.js";
import { configOf, type ImageConfig, imageOf, packageTagsOf } from "../support/images.js";
import { scratchDirectory } from "../support/scratch.js";
import { spackPlace } from "../support/spack-instance.js";

interface Pushed {
  readonly images: readonly { readonly tag: string; readonly runEnvironment: string }[];
}

const scratch = scratchDirectory("run-environment");
const place = spackPlace();
let store: string;
beforeAll(() => {
  store = extractSampleStore();
});

/** Replaces the instance's `spack` by a shell script. */
function spackIs(script: string): void {
  writeFileSync(join(place.root, "bin/spack"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(place.root, "bin/spack"), 0o755);
}

function push(name: string, ...args: readonly string[]) {
  const environment = { ...place.variables, PATH: process.env["PATH"] };
  const mirror = `oci-layout:${join(scratch, name)}`;
  return spackOci(["push", mirror, "--store", store, ...args], { environment });
}

async function environmentsIn(name: string): Promise<Record<string, unknown>> {
  const layout = new ImageLayout(join(scratch, name));
  const tags = await packageTagsOf(layout);
  const entries = tags.map(async (tag) => [tag, (await configOf(layout, tag)).config["Env"]] as const);
  return Object.fromEntries(await Promise.all(entries));
}

describe("--run-environment=spack", () => {
  const asked = ["--run-environment=spack", "--only", "package", "json-c-lite", "data-lite@git.main=1.0"];

  it("puts Spack's answers into the images, and warns if it has none", async () => {
    const question = join(scratch, "question.json");
    const answers = '[{"environment":["PATH=/x","A=b"]},{"error":"RuntimeError: boom"}]';
    spackIs(`cat > ${question}; echo '${answers}'`);
    const run = await push("answered", ...asked, "--json");
    expect(run).toMatchObject({ status: 0, stderr: expect.stringContaining("RuntimeError: boom") });
    const { images } = run.json<Pushed>();
    expect(images.map(({ runEnvironment }) => runEnvironment)).toEqual(["spack", "none"]);
    const environments = await environmentsIn("answered");
    expect(environments[images[0]?.tag ?? ""]).toEqual(["PATH=/x", "A=b"]);
    expect(String(environments[images[1]?.tag ?? ""])).toContain(`${store}/`);
    const { store: root, images: questions } = JSON.parse(readFileSync(question, "utf8"));
    expect(root?.startsWith(`${store}/__spack`)).toBe(true);
    expect(questions).toMatchObject([{ base: ["PATH=/bin:/usr/bin"] }, { base: ["PATH=/bin:/usr/bin"] }]);
  });

  it.each([
    ["fails", "echo '==> Error: broken' >&2; exit 1", "broken"],
    ["says something else", "echo hello", "did not return the environments"],
    ["answers less", "echo '[]'", "did not return the environments"],
  ])("writes nothing where Spack %s", async (what, script, says) => {
    spackIs(script);
    expect(await push(what, ...asked)).toMatchObject({ status: 1, stderr: expect.stringContaining(says) });
    expect(existsSync(join(scratch, what))).toBe(false);
  });

  it("is rejected without a Spack", async () => {
    const args = ["push", `oci-layout:${join(scratch, "none")}`, "--store", store, ...asked];
    expect(await spackOci(args)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("This needs a Spack installation, and none was found"),
    });
  });
});

describe("variables that recipes added to existing images", () => {
  const recipes = (environment: unknown) =>
    (environment as string[]).filter((entry) => entry.startsWith("BEDROCK_"));
  const base = ["--base-image", `oci-layout:${fixture("oci-layout-base")}:latest`];
  const specs = ["--force", "--only", "package", "bedrock-lite", "json-c-lite"];

  async function pushAgain(layout: string, name: string, ...args: readonly string[]) {
    cpSync(fixture(layout), join(scratch, name), { recursive: true });
    const before = await environmentsIn(name);
    const run = await push(name, "--json", ...specs, ...args);
    expect(run).toMatchObject({ status: 0 });
    const [tag = ""] = Object.keys(before).filter((each) => each.startsWith("bedrock-lite"));
    const sources = run.json<Pushed>().images.map(({ tag: each, runEnvironment }) => [each, runEnvironment]);
    const after = await environmentsIn(name);
    return { before: before[tag], after: after[tag], source: Object.fromEntries(sources)[tag], sources };
  }

  it("are kept when the images are pushed again", async () => {
    const { before, after, source, sources } = await pushAgain("oci-layout-main", "again");
    expect(recipes(before)).toHaveLength(2);
    expect(portableEnvironment({ config: { Env: after } })).toEqual(
      portableEnvironment({ config: { Env: before } }),
    );
    expect(source).toBe("image");
    expect(sources.filter(([tag]) => tag?.startsWith("json-c-lite"))).toMatchObject([
      [expect.anything(), "none"],
    ]);
  });

  it("are mentioned in the summary", async () => {
    cpSync(fixture("oci-layout-main"), join(scratch, "summary"), { recursive: true });
    const { stdout } = await push("summary", ...specs);
    expect(stdout).toContain("Variables set by recipes: 1 from existing images.\n");
  });

  it("are added to another base image", async () => {
    const { before, after, source } = await pushAgain("oci-layout-main", "onto", ...base);
    expect(recipes(after)).toEqual(recipes(before));
    expect(after).toContain("LITE_BASE=1");
    expect(source).toBe("image");
  });

  it("are distinguished from those of an unknown base image", async () => {
    const copy = join(scratch, "unknown");
    expect(await push("unknown", ...specs, ...base)).toMatchObject({ status: 0 });
    const layout = new ImageLayout(copy);
    const [tag = ""] = (await packageTagsOf(layout)).filter((each) => each.startsWith("bedrock-lite"));
    const { Env } = (await configOf(layout, tag)).config as { Env: string[] };
    const prefix = /PATH=(.*?)\/bin/.exec(Env.find((entry) => entry.startsWith("PATH=")) ?? "")?.[1];
    const recipe = [`BEDROCK_HOME=${prefix}`, "BEDROCK_LEVEL=3"];
    await editConfig(layout, tag, (config) => ({
      ...config,
      config: { ...config.config, Env: [...Env, ...recipe] },
    }));
    expect(await push("unknown", ...specs)).toMatchObject({ status: 0 });
    const { Env: after } = (await configOf(layout, tag)).config as { Env: string[] };
    expect(after).toContain(`BEDROCK_HOME=${prefix}`);
    for (const entry of ["LITE_BASE=1", "BEDROCK_LEVEL=3"]) expect(after).not.toContain(entry);
  });

  it("are added to the image of several packages", async () => {
    cpSync(fixture("oci-layout-main"), join(scratch, "several"), { recursive: true });
    const run = await push("several", "--json", "--tag", "all", "tricky-lite", "bedrock-lite");
    expect(run).toMatchObject({ status: 0 });
    expect(run.json<Pushed>().images).toMatchObject([{ tag: "all", runEnvironment: "image" }]);
    const { Env } = (await configOf(new ImageLayout(join(scratch, "several")), "all")).config;
    expect(recipes(Env)).toHaveLength(2);
  });

  it("are lost with an unreadable image, with a warning", async () => {
    const broken = join(scratch, "broken");
    cpSync(fixture("oci-layout-main"), broken, { recursive: true });
    const layout = new ImageLayout(broken);
    const [tag = ""] = (await packageTagsOf(layout)).filter((each) => each.startsWith("bedrock-lite"));
    const { config } = await imageOf(layout, tag);
    rmSync(join(broken, "blobs", ...config.digest.split(":")));
    const run = await push("broken", ...specs);
    expect(run).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("what recipes added to its environment is lost"),
    });
    expect(recipes((await configOf(layout, tag)).config["Env"])).toEqual([]);
  });
});

/** Replaces the config of an image. */
async function editConfig(layout: ImageLayout, tag: string, change: (config: ImageConfig) => ImageConfig) {
  const text = Buffer.from(JSON.stringify(change(await configOf(layout, tag))));
  const { manifest, descriptor: old } = await fetchManifest(layout, tag);
  const { descriptor: config } = await pushBytes(layout, text, {
    mediaType: "application/vnd.oci.image.config.v1+json",
  });
  await pushBytes(layout, Buffer.from(JSON.stringify({ ...manifest, config })), {
    mediaType: old.mediaType,
    tag,
  });
}
