// File systems that keep modes or times of their own: what Python's tarfile tolerates is reported, the rest fails.

import * as fs from "node:fs";
import { join } from "node:path";
import type { Refusal } from "@spack-oci/files";
import { afterEach, expect, it, vi } from "vitest";
import { NewEntries } from "../../src/post-install/new-entries.js";
import { packagePermissions } from "../../src/post-install/permissions.js";
import { temporaryDirectory } from "../support/temporary.js";

vi.mock("node:fs", { spy: true });
afterEach(() => vi.resetAllMocks());

function refuse(code: string, ...names: ("futimesSync" | "fchmodSync" | "chmodSync")[]): void {
  for (const name of names) {
    vi.spyOn(fs, name).mockImplementation(() => {
      throw Object.assign(new Error(code), { code });
    });
  }
}

const BYTES = Buffer.from("text");

function create(file: { readonly mode: number; readonly mtime: number | undefined }, tolerates = true) {
  const refusals: Refusal[] = [];
  const permissions = packagePermissions("world", "group");
  const onRefusal = tolerates ? (refusal: Refusal) => refusals.push(refusal) : undefined;
  const status = new NewEntries({ permissions, onRefusal }).file(join(temporaryDirectory(), "file"), {
    parts: [BYTES],
    ...file,
  });
  return { status, attributes: refusals.map(({ attribute }) => attribute) };
}

it("sets the mode and the time", () => {
  const { status, attributes } = create({ mode: 0o2711, mtime: 5 });
  expect([Number(status.mode) & 0o7777, Number(status.mtimeMs), attributes]).toEqual([0o2775, 5000, []]);
});

it("does not set times of changed files", () => {
  create({ mode: 0o644, mtime: undefined });
  expect(fs.futimesSync).not.toHaveBeenCalled();
});

it("reports a refused time", () => {
  refuse("EPERM", "futimesSync");
  expect(create({ mode: 0o644, mtime: 5 }).attributes).toEqual(["time"]);
  expect(() => create({ mode: 0o644, mtime: 5 }, false)).toThrow("EPERM");
});

it("fails if the disk fails", () => {
  refuse("EIO", "futimesSync");
  expect(() => create({ mode: 0o644, mtime: 5 })).toThrow("EIO");
});

it("fails if the file system keeps a mode that Spack would change", () => {
  const before = process.umask(0o077);
  try {
    refuse("EPERM", "fchmodSync");
    expect(() => create({ mode: 0o644, mtime: 5 })).toThrow("EPERM");
  } finally {
    process.umask(before);
  }
});
