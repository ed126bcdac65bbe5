// The manifest of a prefix matches what Python sees, as compared by `spack verify`.

import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeInstallTimes } from "../../src/post-install/install-times.js";
import { packagePermissions } from "../../src/post-install/permissions.js";
import { finishOnDisk } from "../support/finish-on-disk.js";
import { unpackProducer } from "../support/install-tree.js";
import { temporaryDirectory } from "../support/temporary.js";
import { hasTool, runPython } from "../support/tools.js";

const python =
  hasTool("python3", "manifests as Python sees them") && hasTool("tar", "the manifest of tricky-names");

/** What a manifest should hold, by Python: every entry but the two files that are never checked. */
const model = `
import base64, hashlib, json, os, stat, sys
prefix, manifest = sys.argv[1], {}
def entry(path):
    s = os.lstat(path)
    data = {"mode": s.st_mode, "owner": s.st_uid, "group": s.st_gid}
    if stat.S_ISLNK(s.st_mode):
        data["dest"] = os.readlink(path)
    elif stat.S_ISREG(s.st_mode):
        data["hash"] = base64.b32encode(hashlib.sha1(open(path, "rb").read()).digest()).decode()
        data.update(time=s.st_mtime, size=s.st_size)
    return data
for root, dirs, files in os.walk(prefix):
    for name in dirs + files:
        path = os.path.join(root, name)
        if name != "install_times.json" and path != prefix + "/.spack/install_manifest.json":
            manifest[path] = entry(path)
manifest[prefix] = entry(prefix)
found = json.load(open(prefix + "/.spack/install_manifest.json"))
print(json.dumps(sorted(p for p in set(found) | set(manifest) if found.get(p) != manifest.get(p))))
print(len(found))
`;

async function differences(prefix: string, finalPrefix: string): Promise<{ paths: unknown; count: number }> {
  await finishOnDisk(prefix, { finalPrefix, permissions: packagePermissions(), sbangPath: "/sbang" });
  renameSync(prefix, finalPrefix);
  const [paths = "", count] = runPython(model, [finalPrefix]).split("\n");
  return { paths: JSON.parse(paths), count: Number(count) };
}

describe.skipIf(!python)("the manifest of a finished prefix", () => {
  it("describes names that are not UTF-8, links, modes and times below the final prefix", async () => {
    const prefix = join(temporaryDirectory(), "staging");
    mkdirSync(join(prefix, ".spack"), { recursive: true });
    mkdirSync(join(prefix, "lib"));
    const odd = Buffer.concat([
      Buffer.from(`${prefix}/lib/`),
      Buffer.from("caf\xe9-\xff\xed\xa0\x80é", "latin1"),
    ]);
    writeFileSync(odd, "odd");
    symlinkSync(Buffer.from("caf\xe9", "latin1"), join(prefix, "link"));
    writeFileSync(join(prefix, "lib", "a"), "a");
    linkSync(join(prefix, "lib", "a"), join(prefix, "lib", "b"));
    utimesSync(join(prefix, "lib", "a"), 1763826331.804_160_4, 1763826331.804_160_4);
    utimesSync(odd, -1.25, -1.25);
    writeFileSync(join(prefix, ".spack", "install_manifest.json"), "of the builder");
    const times = { name: "a", hash: "b", totalSeconds: 1.5, phases: [{ name: "fetch", seconds: 1 }] };
    await writeInstallTimes(prefix, times, packagePermissions());
    expect(await differences(prefix, join(temporaryDirectory(), "final"))).toEqual({ paths: [], count: 7 });
  });

  it("describes all packages of the producer", async () => {
    for (const [hash, prefix] of unpackProducer()) {
      if (prefix.endsWith("/usr")) continue;
      const { paths, count } = await differences(prefix, join(temporaryDirectory(), hash));
      expect(paths).toEqual([]);
      expect(count).toBeGreaterThan(2);
    }
  });
});

describe("writeInstallTimes", () => {
  it("has the shape of Spack's", async () => {
    const prefix = temporaryDirectory();
    mkdirSync(join(prefix, ".spack"));
    const phases = [
      { name: "fetch", seconds: 2 },
      { name: "extract", path: "install/extract", seconds: 0.25 },
    ];
    await writeInstallTimes(
      prefix,
      { name: "zlib", hash: "abc", totalSeconds: 2.25, phases },
      packagePermissions(),
    );
    expect(readFileSync(join(prefix, ".spack", "install_times.json"), "utf8")).toBe(
      '{"total":2.25,"phases":[{"name":"fetch","path":"fetch","seconds":2.0,"count":1},' +
        '{"name":"extract","path":"install/extract","seconds":0.25,"count":1}],"name":"zlib","cache":true,"hash":"abc"}',
    );
  });
});
