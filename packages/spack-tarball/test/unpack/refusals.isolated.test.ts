// File systems that do not keep every attribute: the package is unpacked nevertheless.

import { readFileSync, statSync } from "node:fs";
import type { Refusal } from "@spack-oci/files";
import { afterEach, expect, it, vi } from "vitest";
import { unpackLayer } from "../../src/unpack/unpack-layer.js";
import { chunked } from "../support/bytes.js";
import { freshPath } from "../support/directories.js";
import { file, rawPackage } from "../support/raw-tar.js";

let code: string | undefined;
let refused: readonly string[] = [];

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const refusing =
    <A extends unknown[]>(name: string, run: (...args: A) => void) =>
    (...args: A) => {
      if (refused.includes(name)) throw Object.assign(new Error(`${code}: ${name}`), { code });
      run(...args);
    };
  return {
    ...fs,
    utimesSync: refusing("time", fs.utimesSync),
    futimesSync: refusing("time", fs.futimesSync),
    chmodSync: refusing("mode", fs.chmodSync),
    fchmodSync: refusing("mode", fs.fchmodSync),
  };
});

afterEach(() => {
  refused = [];
});

const LAYER = rawPackage({ ...file("s/p/bin/tool", "#!"), mode: 0o755, mtime: 1_000_000_000 });

it.each(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EACCES", "EINVAL"])(
  "goes on after %s",
  async (name) => {
    code = name;
    refused = ["time", "mode"];
    const directory = freshPath();
    const refusals: Refusal[] = [];
    await unpackLayer(chunked(LAYER), directory, { onRefusal: (refusal) => refusals.push(refusal) });
    expect(readFileSync(`${directory}/bin/tool`, "utf8")).toBe("#!");
    expect(statSync(`${directory}/bin/tool`).mode & 0o700).toBe(0o700);
    // Two files and three directories.
    const count = (attribute: string) => refusals.filter((refusal) => refusal.attribute === attribute).length;
    expect({ time: count("time"), mode: count("mode") }).toEqual({ time: 5, mode: 5 });
  },
);

it("does not tolerate a failing disk", async () => {
  code = "EIO";
  refused = ["time"];
  const unpacking = unpackLayer(chunked(LAYER), freshPath(), { onRefusal: () => {} });
  await expect(unpacking).rejects.toMatchObject({ code: "EIO" });
});

it("fails without a callback", async () => {
  code = "EPERM";
  refused = ["time"];
  await expect(unpackLayer(chunked(LAYER), freshPath())).rejects.toMatchObject({ code: "EPERM" });
});
