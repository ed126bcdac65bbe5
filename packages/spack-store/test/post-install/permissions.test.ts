// The modes of a prefix match Spack's.

import { chmodSync, lstatSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeFileName } from "@spack-oci/files";
import { describe, expect, it } from "vitest";
import { readJsonFixture } from "../../../../tests/support/spack-fixtures.js";
import { groupId } from "../../src/post-install/group.js";
import { packagePermissions, setPermissions } from "../../src/post-install/permissions.js";
import { walkTree } from "../../src/post-install/walk.js";
import { finishOnDisk } from "../support/finish-on-disk.js";
import { unpackProducer } from "../support/install-tree.js";
import { temporaryDirectory } from "../support/temporary.js";
import { hasTool } from "../support/tools.js";

interface Expected {
  readonly installs: Record<
    string,
    {
      readonly name: string;
      readonly entries: Record<string, { readonly mode: string; readonly type: string }>;
    }
  >;
}

const octal = (path: string | Buffer) => (lstatSync(path).mode & 0o7777).toString(8).padStart(4, "0");

describe("packagePermissions", () => {
  it.each([
    ["world", "user", true, "755", "2755"],
    ["world", "group", true, "775", "2775"],
    ["world", "world", true, "777", "2777"],
    ["group", "user", true, "750", "2750"],
    ["group", "group", true, "770", "2770"],
    ["user", "user", true, "700", "700"],
    ["world", "user", false, "755", "755"],
  ] as const)("read by %s, written by %s, setgid %s", (read, write, allowSgid, file, directory) => {
    const { fileMode, directoryMode } = packagePermissions(read, write, { allowSgid });
    expect([fileMode.toString(8), directoryMode.toString(8)]).toEqual([file, directory]);
  });

  it("rejects permissions that let more write than read", () => {
    const error = expect.objectContaining({ code: "ERR_PERMISSIONS", kind: "usage" }) as Error;
    expect(() => packagePermissions("user", "group")).toThrow(error);
    expect(() => packagePermissions("group", "world")).toThrow(error);
  });
});

/** Sets the modes of a prefix, whose other files do not matter. */
async function setPrefixPermissions(prefix: string): Promise<void> {
  mkdirSync(join(prefix, ".spack"), { recursive: true });
  await finishOnDisk(prefix, { finalPrefix: prefix, permissions: packagePermissions(), sbangPath: "/sbang" });
}

describe("permissions of a finished prefix", () => {
  it.skipIf(!hasTool("tar", "modes of the producer's store"))("sets the same modes as Spack", async () => {
    const prefixes = unpackProducer();
    const { installs } = readJsonFixture<Expected>("spack-1.2/expected-B.json");
    let compared = 0;
    for (const [hash, { entries }] of Object.entries(installs)) {
      const prefix = Buffer.from(prefixes.get(hash) as string);
      const found: { path: Buffer; type: string }[] = [{ path: prefix, type: "directory" }];
      for await (const entry of walkTree(prefix)) found.push(entry);
      // the modes that files have in a layer
      for (const { path, type } of found) {
        if (type === "symlink") continue;
        chmodSync(path, type === "directory" || statSync(path).mode & 0o100 ? 0o755 : 0o644);
      }
      await setPrefixPermissions(prefix.toString());
      for (const { path, type } of found) {
        const name = decodeFileName(path.subarray(prefix.length + 1)) || ".";
        const expected = entries[name];
        if (expected === undefined || type === "symlink") continue;
        expect(`${name} ${octal(path)}`).toBe(`${name} ${expected.mode}`);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(300);
  });

  it("keeps special bits, removes stray execute bits, and does not follow links", async () => {
    const outside = join(temporaryDirectory(), "file");
    writeFileSync(outside, "");
    chmodSync(outside, 0o600);
    const prefix = join(temporaryDirectory(), "prefix");
    mkdirSync(join(prefix, "closed"), { recursive: true });
    const modes: Record<string, number> = {
      suid: 0o4711,
      sticky: 0o1644,
      "x-for-others": 0o601,
      plain: 0o600,
    };
    for (const [name, mode] of Object.entries(modes)) {
      writeFileSync(join(prefix, name), "");
      chmodSync(join(prefix, name), mode);
    }
    chmodSync(join(prefix, "closed"), 0o300);
    symlinkSync(outside, join(prefix, "link"));
    await setPrefixPermissions(prefix);
    const found = Object.keys(modes).map((name) => [name, octal(join(prefix, name))]);
    expect(Object.fromEntries(found)).toEqual({
      suid: "4755",
      sticky: "1644",
      "x-for-others": "0755",
      plain: "0644",
    });
    expect([octal(prefix), octal(join(prefix, "closed")), octal(outside)]).toEqual(["2755", "2755", "0600"]);
  });

  it("rejects setuid programs that are writable by others", async () => {
    const path = join(temporaryDirectory(), "suid");
    writeFileSync(path, "");
    chmodSync(path, 0o4755);
    await expect(setPermissions(path, packagePermissions("world", "group"))).rejects.toMatchObject({
      code: "ERR_PERMISSIONS_UNSAFE",
      place: path,
    });
  });

  it("sets the group", async () => {
    const path = join(temporaryDirectory(), "file");
    writeFileSync(path, "");
    const own = statSync(path).gid;
    const group = process.getuid?.() === 0 ? own + 1 : own;
    await setPermissions(path, packagePermissions("world", "user", { group }));
    expect(statSync(path).gid).toBe(group);
  });
});

describe("groupId", () => {
  it.skipIf(!hasTool("getent", "user groups"))("finds groups by name, and reports unknown ones", async () => {
    expect(await groupId("root")).toBe(0);
    await expect(groupId("no-such-group-here")).rejects.toMatchObject({ code: "ERR_GROUP_UNKNOWN" });
  });
});
