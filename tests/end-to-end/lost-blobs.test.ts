// Registries temporarily lose blobs when several processes write the same ones; a push sends missing ones again.

import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { manifestIn, packageTagsIn, startEmptyMirror, type TestMirror } from "../support/mirror.js";
import { answer } from "../support/test-registry/answer.js";

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await startEmptyMirror();
});
afterAll(() => mirror.registry.close());

/** docker-registry's answer when it reads a link that another request is writing. */
const losing = answer(400);
const codes = ["DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN"].map((code) => ({ code, message: "", detail: {} }));

it.each([
  ["a package's config", /manifests\/gcc-runtime/],
  ["what the index is made of", /manifests\/index\.spack/],
])("%s is sent again", async (_, path) => {
  const { registry, repository } = mirror;
  registry.reset();
  repository.tags.clear();
  repository.manifests.clear();
  const lost: string[] = [];
  const struck = registry.fault({
    method: "PUT",
    path,
    rewrite: (_answer, { body }) => {
      const { config, layers } = JSON.parse(body.toString()) as {
        config: { digest: string };
        layers: { digest: string }[];
      };
      // By then, the layer no longer exists on the machine that pushes it.
      lost.push(config.digest, ...(path.source.includes("index") ? layers.map(({ digest }) => digest) : []));
      for (const digest of lost) repository.blobs.delete(digest);
      return { ...losing, body: Buffer.from(JSON.stringify({ errors: codes })) };
    },
  });
  const store = ["--store", extractSampleStore()];
  const run = await spackOci(["push", mirror.mirror, "gcc-runtime", "--update-index", ...store]);
  expect(run, run.stderr).toMatchObject({ status: 0 });
  expect(struck.hits).toBe(1);
  expect(lost.every((digest) => repository.blobs.has(digest))).toBe(true);
  expect(packageTagsIn(repository)).toHaveLength(1);
  expect(manifestIn(repository, "index.spack").layers).toHaveLength(1);
});
