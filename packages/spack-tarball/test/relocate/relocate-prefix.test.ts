// Listed files are relocated, and lists cannot reach anything outside of the prefix.

import { linkSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { BuildInfo } from "../../src/build-info/build-info.js";
import { PrefixMap } from "../../src/prefixes/prefix-map.js";
import { relocatePrefix } from "../../src/relocate/relocate-prefix.js";
import { RelocationError } from "../../src/relocate/relocation-error.js";
import { relocationMap } from "../../src/relocate/relocation-map.js";
import { freshPath } from "../support/directories.js";
import { DT_RUNPATH, elfImage } from "../support/elf-images.js";

const MAP = new PrefixMap([["/old/store", "/new"]]);

function listing(lists: Partial<BuildInfo>): BuildInfo {
  return {
    sbangInstallPath: undefined,
    buildPath: "/old/store",
    spackPrefix: undefined,
    relativePrefix: undefined,
    hashToPrefix: new Map(),
    hardlinksDeduped: true,
    relocateBinaries: [],
    relocateLinks: [],
    relocateTextFiles: [],
    ...lists,
  };
}

let root: string;
let outside: string;
const text = (path: string) => readFileSync(join(root, path), "latin1");

beforeEach(() => {
  root = freshPath();
  outside = join(dirname(root), "outside");
  mkdirSync(join(root, "lib"), { recursive: true });
  mkdirSync(outside);
  for (const place of [join(root, "lib/file"), join(outside, "file")]) writeFileSync(place, "/old/store/x");
  symlinkSync("/old/store/x", join(outside, "link"));
  symlinkSync("../outside", join(root, "up"));
  symlinkSync("lib", join(root, "lib64"));
  symlinkSync("../outside/file", join(root, "file-link"));
  symlinkSync("/old/store/lib", join(root, "link"));
});

describe("relocatePrefix", () => {
  it("relocates each listed file in its own way", async () => {
    writeFileSync(join(root, "binary"), "\x7fELF/old/store/a/long/enough/path");
    writeFileSync(join(root, "unlisted"), "/old/store");
    const info = listing({
      relocateBinaries: ["binary"],
      relocateTextFiles: ["lib/file"],
      relocateLinks: ["link"],
    });
    await relocatePrefix(root, info, { map: MAP });
    expect([text("binary"), text("lib/file"), text("unlisted")]).toEqual([
      "\x7fELF///////new/a/long/enough/path",
      "/new/x",
      "/old/store",
    ]);
    expect(readlinkSync(join(root, "link"))).toBe("/new/lib");
  });

  it("does not change relative and foreign links, and compares prefixes by whole components", async () => {
    symlinkSync("/old/store-2/x", join(root, "similar"));
    symlinkSync("/x/old/store", join(root, "foreign"));
    symlinkSync("old/store", join(root, "relative"));
    await relocatePrefix(root, listing({ relocateLinks: ["similar", "foreign", "relative", "lib64"] }), {
      map: MAP,
    });
    expect(["similar", "foreign", "relative", "lib64"].map((name) => readlinkSync(join(root, name)))).toEqual(
      ["/new-2/x", "/x/old/store", "old/store", "lib"],
    );
  });

  it("does not read any file if no prefix changes", async () => {
    await relocatePrefix(root, listing({ relocateTextFiles: ["no such file"] }), {
      map: new PrefixMap([["/a", "/a"]]),
    });
  });

  it("relocates a file with several names once, even if an old layer lists all of them", async () => {
    const growing = new PrefixMap([["/old", "/old/old"]]);
    linkSync(join(root, "lib/file"), join(root, "lib/same"));
    const info = listing({ hardlinksDeduped: false, relocateTextFiles: ["lib/file", "lib/same"] });
    await relocatePrefix(root, info, { map: growing });
    expect(text("lib/same")).toBe("/old/old/store/x");
  });

  it("opens a file through a link to a directory in the same package", async () => {
    await relocatePrefix(root, listing({ relocateTextFiles: ["lib64/file"] }), { map: MAP });
    expect(text("lib/file")).toBe("/new/x");
  });

  it("works in a directory below a link", async () => {
    symlinkSync(root, join(dirname(root), "alias"));
    await relocatePrefix(join(dirname(root), "alias"), listing({ relocateTextFiles: ["lib/file"] }), {
      map: MAP,
    });
    expect(text("lib/file")).toBe("/new/x");
  });

  it("relocates a run path that grew only once, if the new root begins with the old one", async () => {
    const growing = new PrefixMap([["/old/store", "/old/store/longer"]]);
    const shape = { whole: true, room: 64, interpreter: "/old/store/ld.so" };
    writeFileSync(
      join(root, "program"),
      elfImage({ ...shape, strings: [[DT_RUNPATH, "/old/store/lib"]] }).bytes,
    );
    await relocatePrefix(root, listing({ relocateBinaries: ["program"] }), { map: growing });
    expect(text("program").match(/\/old[\w./]*/g)).toEqual([
      "/old/store/longer/lib",
      "/old/store/longer/ld.so",
    ]);
  });

  it("reports every string that does not fit, after trying all files", async () => {
    writeFileSync(join(root, "one"), "\x7fELF/old/store\0 /old/store/li\0");
    writeFileSync(join(root, "two"), "\x7fELF/old/store\0");
    const info = listing({ relocateBinaries: ["one", "two"], relocateTextFiles: ["lib/file"] });
    const error = await relocatePrefix(root, info, {
      map: new PrefixMap([["/old/store", "/old/store/longer"]]),
    }).catch((e) => e);
    expect(error).toBeInstanceOf(RelocationError);
    expect(error).toMatchObject({ code: "ERR_RELOCATION_BLOCKED", kind: "failed", place: "one" });
    expect(error.problems).toEqual([
      {
        file: "one",
        offset: 4,
        reason: "cannot-grow",
        oldPrefix: "/old/store",
        newPrefix: "/old/store/longer",
        found: "/old/store",
      },
      {
        file: "one",
        offset: 16,
        reason: "cannot-grow",
        oldPrefix: "/old/store",
        newPrefix: "/old/store/longer",
        found: "/old/store/li",
      },
      {
        file: "two",
        offset: 4,
        reason: "cannot-grow",
        oldPrefix: "/old/store",
        newPrefix: "/old/store/longer",
        found: "/old/store",
      },
    ]);
    expect(error.message.split("\n")).toHaveLength(3);
    expect(text("lib/file")).toBe("/old/store/longer/x");
  });

  it("shows only the first few problems", async () => {
    writeFileSync(join(root, "many"), `\x7fELF${"/old/store\0".repeat(300_000)}`);
    const error = await relocatePrefix(root, listing({ relocateBinaries: ["many"] }), {
      map: new PrefixMap([["/old/store", "/old/stores"]]),
    }).catch((e) => e);
    expect(error.problems).toHaveLength(300_000);
    expect(error.message.split("\n").at(-1)).toBe("and 299995 more such strings");
  });
});

describe("lists of a tampered layer", () => {
  const escaping = { code: "ERR_LIST_ESCAPES", kind: "corrupt" };
  const missing = { code: "ERR_LISTED_FILE", kind: "corrupt" };

  describe.each(["relocateBinaries", "relocateTextFiles", "relocateLinks"] as const)("%s", (list) => {
    const name = list === "relocateLinks" ? "link" : "file";

    it.each([
      ["a path with ..", `../outside/${name}`, escaping],
      ["a path with .. inside", `lib/../../outside/${name}`, escaping],
      ["an absolute path", "@OUTSIDE@", escaping],
      ["a path through a link to outside", `up/${name}`, escaping],
      ["an empty path", "", escaping],
      ["a directory with a slash", "lib/", escaping],
      ["a missing file", "lib/nothing", missing],
      ["a file in a missing directory", "nothing/file", missing],
      ["a file below a file", "lib/file/x", missing],
      ["a name with a NUL", "lib/a\0b", missing],
    ])("refuse %s", async (_, path, error) => {
      const info = listing({ [list]: [path.replace("@OUTSIDE@", join(outside, name))] });
      await expect(relocatePrefix(root, info, { map: MAP })).rejects.toMatchObject(error);
      expect(readFileSync(join(outside, "file"), "utf8")).toBe("/old/store/x");
      expect(readlinkSync(join(outside, "link"))).toBe("/old/store/x");
    });
  });

  it("do not reach a sibling whose name begins with that of the prefix", async () => {
    mkdirSync(`${root}-2`);
    writeFileSync(`${root}-2/file`, "/old/store/x");
    symlinkSync("../tree-2", join(root, "sibling"));
    const info = listing({ relocateTextFiles: ["sibling/file"] });
    await expect(relocatePrefix(root, info, { map: MAP })).rejects.toMatchObject(escaping);
    expect(readFileSync(`${root}-2/file`, "utf8")).toBe("/old/store/x");
  });

  it.each(["relocateBinaries", "relocateTextFiles"] as const)(
    "do not follow a link to a file: %s",
    async (list) => {
      await expect(
        relocatePrefix(root, listing({ [list]: ["file-link"] }), { map: MAP }),
      ).rejects.toMatchObject(missing);
      await expect(relocatePrefix(root, listing({ [list]: ["lib"] }), { map: MAP })).rejects.toMatchObject(
        missing,
      );
      expect(readFileSync(join(outside, "file"), "utf8")).toBe("/old/store/x");
    },
  );

  it("are rejected if a listed link is a file", async () => {
    await expect(
      relocatePrefix(root, listing({ relocateLinks: ["lib/file"] }), { map: MAP }),
    ).rejects.toMatchObject(missing);
  });
});

describe("relocationMap", () => {
  const info = listing({
    sbangInstallPath: "/old/bin/sbang",
    hashToPrefix: new Map([
      ["a", "/old/store/a"],
      ["b", "/old/store/b"],
      ["c", "/old/store/c"],
    ]),
  });

  it("tries sbang, then each package in the target's order, then the root", () => {
    const map = relocationMap(info, {
      root: "/new",
      sbangInstallPath: "/new/bin/sbang",
      prefixes: new Map([
        ["b", "/upstream/b"],
        ["unknown", "/new/unknown"],
        ["a", "/new/a"],
      ]),
    });
    const moved = (path: string) => map.replaceStart(Buffer.from(path))?.toString();
    expect(map.size).toBe(4);
    expect(
      ["/old/store/b/x", "/old/store/a", "/old/store/c", "/old/bin/sbang", "/old/bin", "/usr"].map(moved),
    ).toEqual(["/upstream/b/x", "/new/a", "/new/c", "/new/bin/sbang", undefined, undefined]);
  });

  it("is empty if nothing moves", () => {
    const target = {
      root: "/old/store",
      sbangInstallPath: "/old/bin/sbang",
      prefixes: new Map([["a", "/old/store/a"]]),
    };
    expect(relocationMap(info, target).size).toBe(0);
  });

  it("lets nothing that stays take precedence over what moves", () => {
    const prefixes = new Map([["a", "/old/store/a"]]);
    const map = relocationMap(info, { root: "/new", sbangInstallPath: "/new/bin/sbang", prefixes });
    expect(map.replaceStart(Buffer.from("/old/store/a"))?.toString()).toBe("/new/a");
  });
});
