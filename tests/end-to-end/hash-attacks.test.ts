// Attacks by somebody who can write the buildcache: whatever contradicts a DAG hash is neither installed nor made into
// anything else, and a check finds it.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import {
  changeConfig,
  changeIndex,
  configIn,
  replaceConfig,
  replaceLayer,
  withSpec,
} from "../support/change-image.js";
import { spackOci } from "../support/command-line.js";
import { ownLayerIn, startMirror, type TestMirror, tagIn } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import type { StoredRepository } from "../support/test-registry/storage.js";

const PACKAGE = "json-c-lite";
const OLD_LIBFABRIC = "libfabric-lite-1.21.1";

let mirror: TestMirror;
let repository: StoredRepository;
let tag: string;
beforeEach(async () => {
  mirror = await startMirror();
  repository = mirror.repository;
  tag = tagIn(repository, PACKAGE);
  return () => mirror.registry.close();
});

/** Pulls the package. @returns the run, and the prefixes of the package that exist afterwards */
async function pull() {
  const root = scratchDirectory("attacked");
  const run = await spackOci(["pull", mirror.mirror, PACKAGE, "--root", root, "--json"]);
  const paths = (readdirSync(root, { recursive: true }) as string[]).filter((path) =>
    path.includes(`${PACKAGE}-`),
  );
  return { ...run, paths };
}

async function check(...args: string[]) {
  const run = await spackOci(["check", mirror.mirror, "--json", ...args]);
  const { findings } = run.json<{ findings: { tag: string; kind: string; severity: string }[] }>();
  return findings.filter((each) => each.tag === tag && each.severity === "error").map(({ kind }) => kind);
}

const layerOf = (name: string) =>
  Buffer.from(repository.blobs.get(ownLayerIn(repository, tagIn(repository, name))) ?? "");
const hashOf = (name: string) => tagIn(repository, name).slice(-38, -6);

interface Attack {
  readonly code: string;
  readonly finding: string;
  /** Whether only a deep check finds it. */
  readonly deep?: boolean;
  readonly run: () => void;
}

const ATTACKS: Readonly<Record<string, Attack>> = {
  "the layer of another package, in the manifest alone": {
    code: "ERR_IMAGE_INCONSISTENT",
    finding: "corrupt",
    run: () => replaceLayer(repository, tag, layerOf("tricky-names"), false),
  },
  "the layer of another package, with a config that fits": {
    code: "ERR_WRONG_PACKAGE",
    finding: "corrupt",
    deep: true,
    run: () => replaceLayer(repository, tag, layerOf("tricky-names")),
  },
  "a layer whose spec has another kind of dependency": {
    code: "ERR_DAG_HASH",
    finding: "corrupt",
    deep: true,
    run: () =>
      replaceLayer(
        repository,
        tag,
        withSpec(layerOf(PACKAGE), (spec) => spec.replace('"deptypes":["build"]', '"deptypes":["run"]')),
      ),
  },
  "a layer whose spec has a second root in front": {
    code: "ERR_WRONG_PACKAGE",
    finding: "corrupt",
    deep: true,
    run: () =>
      replaceLayer(
        repository,
        tag,
        withSpec(layerOf(PACKAGE), (spec) => {
          const { spec: inner } = JSON.parse(spec) as { spec: { nodes: { name: string }[] } };
          const nodes = [...inner.nodes].sort(({ name }) => (name === "gcc-runtime" ? -1 : 0));
          return JSON.stringify({ spec: { ...inner, nodes } });
        }),
      ),
  },
  "a diff_id of something else": {
    code: "ERR_IMAGE_INCONSISTENT",
    finding: "corrupt",
    deep: true,
    run: () =>
      changeConfig(repository, tag, ({ rootfs }) => {
        rootfs.diff_ids = rootfs.diff_ids.map(() => `sha256:${"0".repeat(64)}`);
      }),
  },
  "a diff_id that is not a digest": {
    code: "ERR_IMAGE_INCONSISTENT",
    finding: "corrupt",
    run: () => changeConfig(repository, tag, ({ rootfs }) => rootfs.diff_ids.fill("../../etc")),
  },
  "fewer diff_ids than layers": {
    code: "ERR_IMAGE_INCONSISTENT",
    finding: "corrupt",
    run: () => changeConfig(repository, tag, ({ rootfs }) => void rootfs.diff_ids.pop()),
  },
  "a binary_cache_checksum of something else": {
    code: "ERR_IMAGE_INCONSISTENT",
    finding: "corrupt",
    run: () =>
      changeConfig(repository, tag, (config) => {
        config.binary_cache_checksum.hash = "0".repeat(64);
      }),
  },
  "a config whose spec has another kind of dependency": {
    code: "ERR_DAG_HASH",
    finding: "corrupt",
    run: () =>
      changeConfig(repository, tag, ({ spec }) => {
        for (const edge of spec.nodes[0]?.dependencies ?? []) edge.parameters.deptypes = ["link"];
      }),
  },
  "a config whose spec depends on another package": {
    code: "ERR_DAG_HASH",
    finding: "corrupt",
    run: () => {
      const others = configIn(repository, tagIn(repository, OLD_LIBFABRIC)).spec.nodes;
      changeConfig(repository, tag, ({ spec }) => {
        spec.nodes.push(...others);
        const [edge] = spec.nodes[0]?.dependencies ?? [];
        Object.assign(edge ?? {}, { name: "libfabric-lite", hash: hashOf(OLD_LIBFABRIC) });
      });
    },
  },
  "a config with another version under the hash": {
    code: "ERR_WRONG_PACKAGE",
    finding: "wrong-tag",
    run: () =>
      changeConfig(repository, tag, ({ spec }) => Object.assign(spec.nodes[0] ?? {}, { version: "9" })),
  },
  "a config with two specs, of which the last counts": {
    code: "ERR_DAG_HASH",
    finding: "corrupt",
    run: () => {
      const config = configIn(repository, tag);
      const text = JSON.stringify(config);
      const [root, ...others] = config.spec.nodes;
      const spec = { _meta: { version: 5 }, nodes: [{ ...root, namespace: "evil" }, ...others] };
      replaceConfig(repository, tag, `${text.slice(0, -1)},"spec":${JSON.stringify(spec)}}`);
    },
  },
  "the config of another package": {
    code: "ERR_WRONG_PACKAGE",
    finding: "wrong-tag",
    run: () =>
      replaceConfig(repository, tag, JSON.stringify(configIn(repository, tagIn(repository, OLD_LIBFABRIC)))),
  },
  "the tag on another package": {
    code: "ERR_WRONG_PACKAGE",
    finding: "wrong-tag",
    run: () => void repository.tags.set(tag, repository.tags.get(tagIn(repository, "tricky-names")) ?? ""),
  },
  "a config of 20 megabytes": {
    code: "ERR_OCI_OVERSIZED",
    finding: "corrupt",
    run: () => replaceConfig(repository, tag, JSON.stringify(configIn(repository, tag)).padEnd(20e6)),
  },
};

describe("a pull refuses", () => {
  it.each(Object.entries(ATTACKS))(
    "%s, and a check finds it",
    async (_what, { code, finding, deep, run }) => {
      run();
      const pulled = await pull();
      expect(pulled).toMatchObject({ status: 5, paths: [] });
      expect(pulled.stdout).toContain(`"${code}"`);
      if (deep === true) expect(await check()).toEqual([]);
      expect(await check(...(deep === true ? ["--deep"] : []))).toContain(finding);
    },
  );
});

/** Changes the entry of the package in the index. */
const changeEntry = (change: (entry: string) => string) => {
  const entry = new RegExp(`"${hashOf(PACKAGE)}":\\{"spec":\\{.*?\\},"ref_count"`);
  changeIndex(repository, (index) => {
    expect(index).toMatch(entry);
    return index.replace(entry, change);
  });
};

describe("nothing at all is installed if the index", () => {
  it.each<[string, () => void]>([
    [
      "changes a dependency",
      () => changeEntry((entry) => entry.replace(hashOf("gcc-runtime"), hashOf("tricky-names"))),
    ],
    [
      "adds a dependency",
      () => changeEntry((entry) => entry.replace('"deptypes":["build"]', '"deptypes":["run"]')),
    ],
    [
      "moves a package to another namespace",
      () => changeEntry((entry) => entry.replace("mochi_lite", "mochi-evil")),
    ],
    [
      "changes a dependency's own entry",
      () => changeIndex(repository, (index) => index.replace(/("name":"gcc-runtime","version":")12/, "$113")),
    ],
  ])("%s", async (_what, run) => {
    run();
    const root = scratchDirectory("attacked");
    const pulled = await spackOci(["pull", mirror.mirror, PACKAGE, "--root", root]);
    expect(pulled).toMatchObject({
      status: 5,
      stderr: expect.stringContaining("does not match its DAG hash"),
    });
    const isPackage = (path: string) => /json-c-lite|gcc-runtime/.test(path);
    expect((readdirSync(root, { recursive: true }) as string[]).filter(isPackage)).toEqual([]);
    // Images, and copies of single packages, are planned by the index, too.
    const image = await spackOci(["image", mirror.mirror, PACKAGE, "--tag", "app"]);
    expect(image).toMatchObject({ status: 5 });
    const copy = await spackOci(["copy", mirror.mirror, `oci-layout:${join(root, "copy")}`, PACKAGE]);
    expect(copy).toMatchObject({ status: 5 });
  });
});

describe("what a DAG hash cannot show", () => {
  it("is that an index is old, but packages that it does not list are found by their tags", async () => {
    changeIndex(repository, (index) => {
      const entry = new RegExp(
        `("${hashOf(PACKAGE)}":\\{"spec":\\{.*?\\},"ref_count":\\d+,"in_buildcache":)true`,
      );
      return index.replace(entry, "$1false");
    });
    const root = scratchDirectory("old-index");
    const run = await spackOci(["pull", mirror.mirror, PACKAGE, "--root", root]);
    expect(run).toMatchObject({ status: 0, stderr: expect.stringContaining(`does not list ${PACKAGE}`) });
  });

  it("is a spec that claims to be from a Spack whose hashes cannot be computed: that is a warning", async () => {
    changeEntry((entry) =>
      entry
        .replace(/"package_hash":"[^"]*",/, "")
        .replace(
          '"annotations":{"original_specfile_version":5}',
          '"annotations":{"original_specfile_version":4}',
        ),
    );
    const run = await spackOci(["pull", mirror.mirror, PACKAGE, "--root", scratchDirectory("old-spec")]);
    expect(run).toMatchObject({ status: 0, stderr: expect.stringContaining("cannot be verified") });
  });

  it("is a file that was changed in a layer, if everything around it fits", async () => {
    const archive = gunzipSync(layerOf(PACKAGE));
    const at = archive.indexOf("Version: 0.18");
    expect(at).toBeGreaterThan(0);
    archive.write("Version: 6.66", at);
    replaceLayer(repository, tag, gzipSync(archive));
    expect((await pull()).status).toBe(0);
    expect(await check("--deep")).toEqual([]);
  });
});

describe("an inconsistent image", () => {
  it("becomes no other image, is not copied to a v3 mirror, and is left out of a new index", async () => {
    ATTACKS["a config whose spec has another kind of dependency"]?.run();
    const image = await spackOci(["image", mirror.mirror, PACKAGE, "--tag", "app"]);
    expect(image).toMatchObject({
      status: 5,
      stderr: expect.stringContaining("does not match its DAG hash"),
    });
    const copy = await spackOci(["copy", mirror.mirror, scratchDirectory("v3"), PACKAGE]);
    expect(copy.stdout).toContain("does not match its DAG hash");
    const index = await spackOci(["update-index", "--rebuild", mirror.mirror]);
    expect(index.stderr).toMatch(/json-c-lite.*could not be read/);
  });
});
