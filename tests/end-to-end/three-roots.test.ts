// One build in three roots, pushed to a buildcache with an install tree: two give the same layers; the third, whose
// strings cannot grow, gives a complete report, and its other packages are pushed.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ImageLayout } from "@spack-oci/oci-client";
import { decompress, readTar } from "@spack-oci/spack-tarball";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuiltStore, buildStore, compiler } from "../support/built-store.js";
import { type CommandRun, spackOci } from "../support/command-line.js";
import { imageOf, packageTagsOf } from "../support/images.js";
import { scratchDirectory } from "../support/scratch.js";
import { tagDigests } from "../support/tag-digests.js";

const PADDED = 128;
const CANONICAL = ["--relocate-to", "/opt/spack", "--padded-length", "96"];
const home = mkdtempSync("/tmp/k");
afterAll(() => rmSync(home, { recursive: true, force: true }));
const scratch = scratchDirectory("three-roots");
const mirror = `oci-layout:${scratch}/mirror`;

function command(...args: string[]): Promise<CommandRun> {
  mkdirSync(join(scratch, "home"), { recursive: true });
  return spackOci(args, { environment: { HOME: join(scratch, "home"), SOURCE_DATE_EPOCH: "1700000000" } });
}

interface Problem {
  readonly file: string;
  readonly offset: number;
  readonly found: string;
  readonly reason: string;
}
interface Report {
  readonly unrelocatable: readonly { name: string; root: string; problems: readonly Problem[] }[];
  readonly pushed: readonly { name: string }[];
  readonly failed: readonly { name: string; error: { code: string } }[];
  readonly skipped: readonly { name: string; because: { name: string } }[];
}
const names = (packages: readonly { name: string }[]) => packages.map(({ name }) => name).sort();

describe.skipIf(compiler === undefined)("one build in three roots", () => {
  let long: BuiltStore;
  let short: BuiltStore;
  let digests: Record<string, string>;

  beforeAll(async () => {
    // Built in a long scratch root, and installed in a padded one from there.
    long = await buildStore(`${home}/scratch`, 160);
    short = await buildStore(`${home}/s`);
    const between = `oci-layout:${scratch}/between`;
    expect(await command("push", between, "--store", long.root)).toMatchObject({ status: 0 });
    const pull = ["pull", between, "--root", `${home}/padded`, "--padded-length", String(PADDED)];
    expect(await command(...pull)).toMatchObject({ status: 0 });
    const push = await command("push", mirror, "--store", long.root, ...CANONICAL, "--update-index");
    expect(push).toMatchObject({ status: 0 });
    digests = await tagDigests(mirror);
  }, 60_000);

  it("is in the buildcache with prefixes in its install tree only", async () => {
    const target = new ImageLayout(`${scratch}/mirror`);
    const tags = await packageTagsOf(target);
    expect(tags).toHaveLength(6);
    for (const tag of tags) {
      const layer = (await imageOf(target, tag)).layers.at(-1);
      if (layer === undefined) throw new Error(`${tag} has no layer`);
      for await (const member of readTar(decompress(await target.fetch(layer)))) {
        expect(member.header.name).toMatch(/^opt(\/|$)/);
        expect((await member.bytes()).toString("latin1")).not.toContain(home);
      }
    }
  });

  it("gives the same images from a padded root that it was installed in", async () => {
    const run = await command("push", mirror, "--store", `${home}/padded`, "--force", "--json");
    expect(run).toMatchObject({ status: 0 });
    expect(run.json<Report>().pushed).toHaveLength(6);
    expect(await tagDigests(mirror)).toEqual(digests);
  });

  describe("if strings do not fit", () => {
    let report: Report;
    let run: CommandRun;

    it("reports them without sending anything in a dry run", async () => {
      run = await command("push", mirror, "--store", short.root, "--force", "--dry-run", "--json");
      expect(run).toMatchObject({ status: 1 });
      report = run.json<Report>();
      expect(names(report.unrelocatable)).toEqual(["paths", "teller"]);
      expect(await tagDigests(mirror)).toEqual(digests);
    });

    it("reports every string with its package, file and offset", () => {
      for (const { name, root, problems } of report.unrelocatable) {
        expect(root).toBe(short.root);
        const file = name === "paths" ? "lib/libpaths.so" : "bin/teller";
        const string =
          name === "paths"
            ? `${short.prefixOf(name)}/share/paths/data`
            : `${short.prefixOf(name)}/etc/teller.conf`;
        const bytes = readFileSync(join(short.prefixOf(name), file));
        expect(problems).toEqual([
          expect.objectContaining({
            file,
            offset: bytes.indexOf(string),
            found: string,
            reason: "cannot-grow",
          }),
        ]);
        expect(run.stderr).toContain(`${file}, byte ${bytes.indexOf(string)}: ${string} `);
      }
      expect(run.stderr).toContain("config:install_tree:padded_length of at least 104");
    });

    it("pushes packages that fit, dependents of the others included", async () => {
      const fresh = `oci-layout:${scratch}/fresh`;
      run = await command("push", fresh, "--store", short.root, ...CANONICAL, "--json", "--update-index");
      expect(run).toMatchObject({ status: 1 });
      const { failed, skipped, pushed, unrelocatable } = run.json<Report>();
      expect(names(unrelocatable)).toEqual(["paths", "teller"]);
      expect(names(failed)).toEqual(["paths", "teller"]);
      expect(new Set(failed.map(({ error }) => error.code))).toEqual(new Set(["ERR_RELOCATION_BLOCKED"]));
      expect(skipped).toEqual([]);
      expect(names(pushed)).toEqual(["counter", "guide", "notes", "plain"]);
      // The report precedes the first package.
      expect(run.stderr.indexOf("have no room for paths below")).toBeLessThan(run.stderr.indexOf("[1/6]"));
      // A package without paths in binaries is the same, wherever it was built.
      const theirs = await tagDigests(fresh);
      const notes = Object.keys(theirs).find((tag) => tag.startsWith("notes")) ?? "";
      expect(theirs[notes]).toBe(digests[notes]);
    });

    it("adds sbang's interpreter line if the original did not need it", async () => {
      const target = new ImageLayout(`${scratch}/fresh`);
      const [tag = ""] = (await packageTagsOf(target)).filter((each) => each.startsWith("notes"));
      const [layer] = (await imageOf(target, tag)).layers;
      if (layer === undefined) throw new Error("the image has no layer");
      const scripts: string[] = [];
      for await (const member of readTar(decompress(await target.fetch(layer)))) {
        const { name, type } = member.header;
        if (type === "file" && name.includes("/bin/")) scripts.push((await member.bytes()).toString());
      }
      expect(scripts).toHaveLength(2);
      for (const script of scripts) {
        expect(script).toMatch(/^#!\/bin\/sh \/opt\/spack\/bin\/sbang\n#!\/opt\/spack\/\S+\/bin\/reader\n$/);
      }
    });
  });
});
