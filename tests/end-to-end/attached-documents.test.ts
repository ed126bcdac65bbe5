// Signatures and documents live and die with their packages: prune deletes them, and check reports those that are left.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { startMirror, tagIn } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { writeKeys } from "../support/signing-keys.js";
import type { StoredRepository } from "../support/test-registry/storage.js";

const KEPT = "json-c-lite";
const scratch = scratchDirectory("attached-documents");
const owner = writeKeys(scratch, "owner");
const list = join(scratch, "keep");
writeFileSync(list, `${KEPT}\n`);

interface Referrer {
  readonly subject?: { readonly digest: string };
}

/** What each manifest with a subject refers to. */
function subjectsIn({ manifests }: StoredRepository): string[] {
  return [...manifests.values()].flatMap(({ bytes }) => {
    const { subject } = JSON.parse(bytes.toString()) as Referrer;
    return subject === undefined ? [] : [subject.digest];
  });
}

/** A buildcache whose packages all have a signature and two bills of materials. */
async function startDocumented(referrers: boolean) {
  const mirror = await startMirror({ referrers });
  for (const args of [
    ["sign", mirror.mirror, "--key", owner.key],
    ["sbom", mirror.mirror, "--attach"],
  ])
    expect(await spackOci(args)).toMatchObject({ status: 0 });
  return mirror;
}

it.each([false, true])("prune deletes them with their package (referrers API: %s)", async (referrers) => {
  const { mirror, repository, registry } = await startDocumented(referrers);
  expect(subjectsIn(repository)).toHaveLength(20 * 3);
  const args = ["prune", mirror, "--keep-list", list, "--yes", "--sign-key", owner.key];
  expect(await spackOci(args)).toMatchObject({ status: 0 });
  const subjects = subjectsIn(repository);
  expect(subjects).toHaveLength(2 * 3);
  for (const subject of subjects) expect(repository.manifests.has(subject)).toBe(true);
  expect(subjects).toContain(repository.tags.get(tagIn(repository, KEPT)));
  expect(await spackOci(["check", mirror, "--verify-key", owner.pub])).toMatchObject({ status: 0 });
  await registry.close();
});

it("check reports those whose image is gone", async () => {
  const { mirror, repository, registry } = await startDocumented(false);
  const tag = tagIn(repository, "data-lite-");
  const digest = repository.tags.get(tag) ?? "";
  repository.tags.delete(tag);
  repository.manifests.delete(digest);
  const check = await spackOci(["check", mirror, "--json"]);
  const { findings } = check.json<{ findings: { tag: string; kind: string; what: string }[] }>();
  expect(findings.filter((each) => each.tag === digest.replace(":", "-"))).toMatchObject([
    { what: expect.stringContaining(digest) },
  ]);
  await registry.close();
});
