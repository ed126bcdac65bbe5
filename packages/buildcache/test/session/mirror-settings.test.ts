// The file that remembers install trees: round trips, and preserved content.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImageLayout, MemoryTarget } from "@spack-oci/oci-client";
import { afterAll, describe, expect, it } from "vitest";
import { installTree } from "../../src/install-tree/install-tree.js";
import { rememberedInstallTree } from "../../src/session/mirror-settings.js";

const home = mkdtempSync(join(tmpdir(), "spack-oci-mirror-settings-"));
afterAll(() => rmSync(home, { recursive: true }));

const tree = installTree({ root: "/opt/spack", paddedLength: 64 });
const other = installTree({ root: "/elsewhere" });
const target = new MemoryTarget("one");
const environmentWith = (text: string, name: string) => {
  const path = join(home, name);
  writeFileSync(path, text);
  return { SPACK_OCI_MIRRORS: path };
};

describe("the settings of mirrors", () => {
  it("are in the user's configuration directory, by mirror", () => {
    const memory = rememberedInstallTree({ HOME: home }, target);
    expect(memory?.place).toBe(join(home, ".config", "spack-oci", "mirrors.json"));
    expect(memory?.read()).toBeUndefined();
    memory?.write(tree);
    expect(memory?.read()).toEqual(tree);
    const second = rememberedInstallTree({ HOME: home }, new MemoryTarget("two"));
    expect(second?.read()).toBeUndefined();
    second?.write(other);
    expect([memory?.read(), second?.read()]).toEqual([tree, other]);
    const before = readFileSync(memory?.place ?? "");
    memory?.write(installTree({ root: "/opt//spack", paddedLength: 64 }));
    expect(readFileSync(memory?.place ?? "")).toEqual(before);
  });

  it("keep unknown members", () => {
    const text = '{"more": 1, "mirrors": {"memory:one": {"note": "ours"}, "oci://x/y": {}}}';
    const environment = environmentWith(text, "more.json");
    rememberedInstallTree(environment, target)?.write(tree);
    expect(JSON.parse(readFileSync(environment.SPACK_OCI_MIRRORS, "utf8"))).toMatchObject({
      more: 1,
      mirrors: {
        "memory:one": { note: "ours", installTree: { root: "/opt/spack", paddedLength: 64 } },
        "oci://x/y": {},
      },
    });
  });

  it("name directories by their absolute paths", () => {
    const environment = environmentWith("{}", "layouts.json");
    rememberedInstallTree(environment, new ImageLayout("some/layout"))?.write(tree);
    expect(
      rememberedInstallTree(environment, new ImageLayout(join(process.cwd(), "some/layout")))?.read(),
    ).toEqual(tree);
  });

  it("have no place if the user has no home directory", () => {
    expect(rememberedInstallTree({ HOME: "/nonexistent" }, target)).toBeUndefined();
  });

  it.each(["", "[]", '{"mirrors": []}', '{"mirrors": {"memory:one": 1}}'])("are malformed: %j", (text) => {
    const environment = environmentWith(text, "malformed.json");
    expect(() => rememberedInstallTree(environment, target)?.read()).toThrow(
      expect.objectContaining({
        code: "ERR_MIRROR_SETTINGS",
        kind: "usage",
        place: environment.SPACK_OCI_MIRRORS,
      }),
    );
  });
});
