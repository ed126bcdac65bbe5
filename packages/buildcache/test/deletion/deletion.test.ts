// Nothing is deleted unless the target supports it and somebody confirmed it.

import { SpackOciError } from "@spack-oci/errors";
import { type Deleter, MemoryTarget, type Target } from "@spack-oci/oci-client";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { deleteTags } from "../../src/deletion/delete-tags.js";
import { requireDeleter, requireDeletion } from "../../src/deletion/require-deletion.js";
import { recordedRun } from "../support/run.js";

const why = "are not needed";
const readOnly: Target = {
  name: "read-only",
  resolve: vi.fn(),
  fetch: vi.fn(),
  exists: vi.fn(),
  push: vi.fn(),
  tag: vi.fn(),
};

let target: MemoryTarget;
beforeEach(() => {
  target = new MemoryTarget("cache");
});

describe("requireDeletion", () => {
  it("returns the target once the tags are confirmed", async () => {
    const confirm = vi.fn(async () => true);
    expect(await requireDeletion(target, ["a", "b"], { why, confirm })).toBe(target);
    expect(confirm).toHaveBeenCalledExactlyOnceWith("memory:cache", ["a", "b"]);
  });

  it("returns nothing if the user declines", async () => {
    expect(await requireDeletion(target, ["a"], { why, confirm: async () => false })).toBeUndefined();
  });

  it("asks nothing without tags, even of a target that does not support deletion", async () => {
    const confirm = vi.fn();
    expect(await requireDeletion(readOnly, [], { why, confirm })).toBeUndefined();
    expect(confirm).not.toHaveBeenCalled();
  });

  it("lists the tags if nobody can be asked", async () => {
    await expect(requireDeletion(target, ["a", "b"], { why, confirm: undefined })).rejects.toMatchObject({
      code: "ERR_DELETION_UNCONFIRMED",
      kind: "usage",
      message: "2 tags of memory:cache are not needed, and would be deleted:\na\nb",
    });
  });

  it("asks the target before the user", async () => {
    const denied = new SpackOciError("ERR_OCI_DENIED", "no", { kind: "denied" });
    target.checkDeletion = async () => {
      throw denied;
    };
    const confirm = vi.fn();
    await expect(requireDeletion(target, ["a"], { why, confirm })).rejects.toBe(denied);
    expect(confirm).not.toHaveBeenCalled();
  });

  it("needs a target that supports deletion", async () => {
    const expected = { code: "ERR_CANNOT_DELETE", kind: "unsupported", place: "read-only" };
    await expect(requireDeletion(readOnly, ["a"], { why, confirm: async () => true })).rejects.toMatchObject(
      expected,
    );
    expect(() => requireDeleter(readOnly)).toThrow(expect.objectContaining(expected));
  });
});

describe("deleteTags", () => {
  it("reports deleted tags, and failures as warnings and results", async () => {
    const run = recordedRun();
    const deleter: Deleter = {
      delete: vi.fn(),
      checkDeletion: vi.fn(),
      async deleteTags(tags, options) {
        const results = tags.map((tag) => (tag === "bad" ? { tag, error: new Error("stuck") } : { tag }));
        for (const each of results) options?.onDeleted?.(each);
        return results;
      },
    };
    const { deleted, failed } = await deleteTags(deleter, ["a", "bad", "c"], run);
    expect(deleted).toEqual(["a", "c"]);
    expect(failed).toEqual([{ tag: "bad", error: expect.objectContaining({ code: "ERR_UNEXPECTED" }) }]);
    expect(run.events.flatMap((event) => (event.type === "deleted" ? [event.tag] : []))).toEqual(["a", "c"]);
    expect(run.warnings()).toEqual(["Could not delete bad: Something unexpected went wrong: stuck."]);
  });
});
