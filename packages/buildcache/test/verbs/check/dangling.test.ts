// A check reports what is attached to images that no longer exist.

import { attachReferrer, MemoryTarget, referrersTag } from "@spack-oci/oci-client";
import { expect, it } from "vitest";
import { createScheduler } from "../../../src/schedule/scheduler.js";
import { check } from "../../../src/verbs/check/check.js";
import { copyImages, fixtureTag } from "../../support/image.js";

const note = { artifactType: "application/x.note", mediaType: "text/plain", bytes: Buffer.from("note") };

it("is a warning about the tag, which names the missing image", async () => {
  const tag = await fixtureTag("json-c-lite");
  const [whole, pruned] = [new MemoryTarget("whole"), new MemoryTarget("pruned")];
  await copyImages(whole, [tag], true);
  const image = await whole.resolve(tag);
  for (const target of [whole, pruned]) await attachReferrer(target, image, note);
  const run = { scheduler: createScheduler(2) };
  const findings = async (target: MemoryTarget) => {
    const result = await check(target, { specs: [] }, { run });
    return result.findings.filter(({ kind }) => kind === "dangling");
  };
  expect(await findings(whole)).toEqual([]);
  expect(await findings(pruned)).toMatchObject([
    { tag: referrersTag(image.digest), severity: "warning", what: expect.stringContaining(image.digest) },
  ]);
});
