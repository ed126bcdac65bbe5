// Options and results of spack-oci copy.

import type { CopyResult } from "@spack-oci/buildcache";
import { describe, expect, it } from "vitest";
import { copyCommand, renderCopy } from "../../src/commands/copy.js";
import type { CommandContext } from "../../src/declaration/command-context.js";
import { FAILURE_JSON, failure, named, node } from "../support/packages.js";
import { flagsOf, parse } from "../support/parse.js";
import { BY_POLICY, SIGN_FLAGS, UNSIGNED, VERIFY_FLAGS } from "../support/signature-options.js";

const result = (changes: Partial<CopyResult> = {}): CopyResult => ({
  destination: "oci://to",
  planned: ["a", "b"],
  tags: [
    { tag: "a", outcome: "copied", bytes: 5, seconds: 1 },
    { tag: "b", outcome: "copied", bytes: 6, seconds: 2 },
  ],
  present: [],
  absent: [],
  surplus: [],
  deleted: [],
  unverified: [],
  index: undefined,
  ...changes,
});

describe("options", () => {
  it("are these, in this order", () => {
    expect(flagsOf(copyCommand)).toEqual([
      "--from <mirror>",
      "--to <mirror>",
      "--only <what>",
      "--without-build-dependencies",
      "--env-only",
      "--verify",
      "--delete",
      "-y, --yes",
      ...SIGN_FLAGS,
      ...VERIFY_FLAGS,
      "--gpg-keyring <path>",
      "--no-check-signature",
      "--gpg-key <key>",
      "--dry-run",
    ]);
  });

  it("have defaults", async () => {
    expect(await parse(copyCommand, "a", "b")).toEqual({
      from: "a",
      to: "b",
      specs: [],
      furtherFrom: undefined,
      furtherTo: undefined,
      only: undefined,
      withoutBuildDependencies: false,
      envOnly: false,
      verify: false,
      delete: false,
      yes: false,
      ...UNSIGNED,
      ...BY_POLICY,
      gpgKeyring: undefined,
      noCheckSignature: false,
      gpgKey: undefined,
      dryRun: false,
    });
  });

  it("add sources and destinations", async () => {
    const args = ["--from", "c", "--to", "d", "--to", "e", "-y", "--delete"];
    expect(await parse(copyCommand, "a", "b", "zlib", ...args)).toMatchObject({
      from: "a",
      furtherFrom: ["c"],
      to: "b",
      furtherTo: ["d", "e"],
      specs: ["zlib"],
      yes: true,
      delete: true,
    });
  });

  it("require both mirrors", async () => {
    await expect(parse(copyCommand, "a")).rejects.toThrow("missing required argument 'to'");
  });

  it("allow --delete only for whole mirrors", async () => {
    const values = (await parse(copyCommand, "a", "b", "zlib", "--delete")) as Parameters<
      typeof copyCommand.run
    >[0];
    const context = { session: { spack: { environment: undefined } } } as unknown as CommandContext;
    await expect(copyCommand.run(values, context)).rejects.toMatchObject({
      code: "ERR_USAGE",
      kind: "usage",
      place: "--delete",
      message: "--delete requires copying whole mirrors.",
    });
  });
});

describe("a copy", () => {
  it("is counted for each destination", () => {
    const other = { ...result(), destination: "oci://other", present: ["c"] };
    const { json, lines, status } = renderCopy([result(), other], false);
    expect(lines).toEqual([
      "Copied 2 of 2 tags to oci://to; 0 already present.",
      "Copied 2 of 2 tags to oci://other; 1 already present.",
    ]);
    expect(status).toBe(0);
    const copied = [
      { tag: "a", bytes: 5, seconds: 1 },
      { tag: "b", bytes: 6, seconds: 2 },
    ];
    const nothing = { deleted: [], unverified: [] };
    const counts = {
      ...nothing,
      planned: ["a", "b"],
      copied,
      absent: [],
      failed: [],
      skipped: [],
      surplus: [],
    };
    expect(json).toEqual({
      destinations: [
        { ...counts, destination: "oci://to", present: [] },
        { ...counts, destination: "oci://other", present: ["c"] },
      ],
    });
  });

  it("reports failures, deletions and absent packages", () => {
    const { json, lines, status } = renderCopy(
      [
        result({
          tags: [
            { tag: "a", outcome: "copied", bytes: 5, seconds: 1 },
            { tag: "b", outcome: "failed", error: failure() },
          ],
          absent: [node("zlib")],
          surplus: ["x", "y"],
          deleted: ["x"],
        }),
      ],
      false,
    );
    expect(lines).toEqual([
      "Failed: b: no access",
      "Copied 1 of 2 tags to oci://to; 0 already present; 1 failed; deleted 1 of 2 tags that no source has.",
    ]);
    expect(status).toBe(4);
    expect(json).toMatchObject({
      destinations: [
        { failed: [{ tag: "b", error: FAILURE_JSON }], absent: [named("zlib")], surplus: ["x", "y"] },
      ],
    });
  });

  it("reports an index that could not be written", () => {
    const { lines, status } = renderCopy([result({ index: { outcome: "failed", error: failure() } })], false);
    expect(lines[1]).toBe("Could not write the index: no access");
    expect(status).toBe(4);
  });

  it("that is planned lists what would be copied and deleted", () => {
    expect(renderCopy([result({ tags: [], surplus: ["x"] })], true)).toMatchObject({
      lines: ["would copy a to oci://to", "would copy b to oci://to", "would delete x from oci://to"],
      status: 0,
    });
  });
});
