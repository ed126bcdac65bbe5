// Images tell from what it is known what recipes add to their environments, and Spack is asked where that is wanted.
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ImageLayout } from "@spack-oci/oci-client";
import { beforeAll, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { configOf, packageTagsOf } from "../support/images.js";
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

/** Makes the instance's `spack` a shell script. */
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

  it("puts what Spack answers into the images, and warns where it cannot answer", async () => {
    const question = join(scratch, "question.json");
    const answers = '[{"environment":["PATH=/x","A=b"]},{"error":"RuntimeError: boom"}]';
    spackIs(`cat > ${question}; echo '${answers}'`);
    const run = await push("answered", ...asked, "--json");
    expect(run).toMatchObject({ status: 0, stderr: expect.stringContaining("RuntimeError: boom") });
    const { images } = run.json<Pushed>();
    expect(images.map(({ runEnvironment }) => runEnvironment)).toEqual(["spack", "none"]);
    const environments = await environmentsIn("answered");
    expect(environments[images[0]?.tag ?? ""]).toEqual(["PATH=/x", "A=b"]);
    expect(String(environments[images[1]?.tag ?? ""])).toContain("/tmp/spackA/opt/");
    const { store: root, images: questions } = JSON.parse(readFileSync(question, "utf8"));
    expect(root).toMatch(/^\/tmp\/spackA\/opt\/__spack/);
    expect(questions).toMatchObject([{ base: ["PATH=/bin:/usr/bin"] }, { base: ["PATH=/bin:/usr/bin"] }]);
  });

  it.each([
    ["fails", "echo '==> Error: broken' >&2; exit 1", "broken"],
    ["says something else", "echo hello", "did not answer"],
    ["answers less", "echo '[]'", "did not answer"],
  ])("writes nothing where Spack %s", async (what, script, says) => {
    spackIs(script);
    expect(await push(what, ...asked)).toMatchObject({ status: 1, stderr: expect.stringContaining(says) });
    expect(existsSync(join(scratch, what))).toBe(false);
  });

  it("is refused without any Spack", async () => {
    const args = ["push", `oci-layout:${join(scratch, "none")}`, "--store", store, ...asked];
    expect(await spackOci(args)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("There is no Spack here that could be asked"),
    });
  });
});
