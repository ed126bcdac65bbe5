// The command line in a Spack instance: mirrors by name, environments, and Spack's own store.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { readJson } from "../support/fixtures.js";
import { manifestIn, tagIn } from "../support/mirror.js";
import { onPath } from "../support/on-path.js";
import { spackPlace } from "../support/spack-instance.js";
import { startTestRegistry, type TestRegistry } from "../support/test-registry/test-registry.js";

type Records = Record<string, Record<string, unknown>>;
type Database = { database: { version: string; installs: Records } };

let registry: TestRegistry;
let mirrors: string;
const place = spackPlace();
const environment = place.variables;

beforeAll(async () => {
  extractSampleStore();
  registry = await startTestRegistry();
  mirrors = place.scope({
    "mirrors.yaml": `mirrors:\n  mochi: ${registry.location("mochi/cache")}\n  other: ${registry.location("mochi/other")}\n`,
  });
});
afterAll(() => registry.close());

/** Runs the command as in the Mochi buildcache's instructions, with one more scope for the test's own registry. */
function inEnvironment(args: readonly string[], scopes: readonly string[] = []) {
  const options = [mirrors, ...scopes].flatMap((scope) => ["-C", scope]);
  return spackOci(["-e", place.environment, ...options, ...args], { environment });
}

describe.sequential("push in an environment", () => {
  it("honors --only, --exclude and the options for build dependencies", async () => {
    const planned = async (...args: string[]) => {
      const run = await inEnvironment(["push", "--dry-run", "--json", "mochi", ...args]);
      expect(run.status).toBe(0);
      return run.json<{ planned: { name: string }[] }>().planned.map(({ name }) => name);
    };
    expect(await planned()).toHaveLength(20);
    expect(await planned("--without-build-dependencies")).toHaveLength(18);
    expect(await planned("--only", "package", "thallium-lite")).toEqual(["thallium-lite"]);
    const dependencies = await planned("--only", "dependencies", "thallium-lite");
    expect(dependencies).not.toContain("thallium-lite");
    expect(dependencies).toContain("compiler-wrapper");
    const excluding = await planned("--exclude", "libfabric-lite@1.22.0", "--exclude", "gcc-runtime");
    expect(excluding).toHaveLength(18);
    expect(excluding).toContain("libfabric-lite");
    expect(excluding).not.toContain("gcc-runtime");
  });

  it("pushes its installed packages to a named mirror", async () => {
    const run = await inEnvironment(["push", "--unsigned", "--update-index", "--json", "mochi"]);
    expect(run.status).toBe(0);
    expect(run.json<{ pushed: unknown[]; absent: unknown[] }>()).toMatchObject({ absent: [] });
    expect(run.json<{ pushed: unknown[] }>().pushed).toHaveLength(20);
  });

  it("gives images the environment of the configured prefix inspections", async () => {
    const modules =
      "modules:\n  prefix_inspections:\n    lib: [LD_LIBRARY_PATH]\n    ./bin:: [PATH, MY_PATH]\n";
    const scope = place.scope({ "modules.yaml": modules });
    const push = ["push", "--force", "--only", "package", registry.location("mochi/inspected")];
    expect(await inEnvironment([...push, "argobots-lite@1.2"], [scope])).toMatchObject({ status: 0 });
    const repository = registry.storage.repository("mochi/inspected");
    const { config } = manifestIn(repository, tagIn(repository, "argobots-lite"));
    const { Env } = (
      JSON.parse(repository.blobs.get(config.digest)?.toString() ?? "") as { config: { Env: string[] } }
    ).config;
    const own = Env.map((entry) => entry.replaceAll(/[^:=]*\/linux-x86_64_v3\/([a-z-]+)-[^:/]*/g, "$1"));
    expect(own).toEqual(
      expect.arrayContaining([
        "PATH=argobots-lite/bin:argobots-lite/bin:/bin:/usr/bin",
        "LD_LIBRARY_PATH=argobots-lite/lib:gcc-runtime/lib",
        "MY_PATH=argobots-lite/bin",
        "CMAKE_PREFIX_PATH=argobots-lite:gcc-runtime",
      ]),
    );
    expect(own.map((entry) => entry.split("=")[0])).toEqual([
      "PATH",
      ...own
        .slice(1)
        .map((entry) => entry.split("=")[0])
        .sort(),
    ]);
  });

  it("leaves out packages that another mirror has", async () => {
    const run = await inEnvironment(["push", "--dry-run", "--json", "--exclude-mirror", "mochi", "other"]);
    expect(run.json()).toMatchObject({ planned: [], present: [] });
    expect(run.json<{ excluded: unknown[] }>().excluded).toHaveLength(20);
  });
});

describe.sequential("pull in an environment", () => {
  const root = shortRoot();
  const own = shortRoot();
  let storeScope: string;

  beforeAll(() => {
    storeScope = place.scope({
      "config.yaml": `config:\n  install_tree:\n    root: ${root}\n    padded_length: 0\n`,
      "packages.yaml": "packages:\n  all:\n    permissions:\n      read: group\n      write: user\n",
    });
  });

  it("installs the packages in the lock file into Spack's own store", async () => {
    const run = await inEnvironment(["pull", "mochi", "--json"], [storeScope]);
    expect(run.status).toBe(0);
    expect(run.json<{ pulled: unknown[] }>().pulled).toHaveLength(18);
  });

  it("writes the same records as Spack, including explicit packages", () => {
    const { version, installs } = databaseOf(root);
    const expected = readJson<Database>("expected-B.spack-db-index.json").database;
    expect(version).toBe("8");
    expect(Object.keys(installs).sort()).toEqual(Object.keys(expected.installs).sort());
    for (const [hash, record] of Object.entries(expected.installs)) {
      const comparable = ({ installation_time, path, ...rest }: Record<string, unknown>) => ({
        ...rest,
        path: String(path).replace(root, "/tmp/b/opt"),
      });
      expect(comparable(installs[hash] ?? {})).toEqual(comparable(record));
    }
  });

  it("gives packages the configured permissions", () => {
    const prefix = prefixOf(root, "json-c-lite");
    expect(statSync(prefix).mode & 0o7777).toBe(0o2750);
    expect(statSync(join(prefix, ".spack/spec.json")).mode & 0o7777).toBe(0o640);
  });

  it("has nothing to do the second time, with a single request", async () => {
    registry.reset();
    const run = await inEnvironment(["pull", "mochi", "--json"], [storeScope]);
    expect(run.json()).toMatchObject({ planned: [], pulled: [] });
    expect(registry.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      expect.stringMatching(/^GET \/v2\/mochi\/cache\/tags\/list/),
    ]);
  });

  it("takes no locks with config:locks: false, and warns once", async (context) => {
    if (!onPath("python3")) return context.skip("python3 is not installed");
    const bare = mkdtempSync("/tmp/u");
    const scope = place.scope({
      "config.yaml": `config:\n  locks: false\n  install_tree:\n    root: ${bare}\n    padded_length: 0\n`,
    });
    const runs = [
      await inEnvironment(["pull", "mochi", "json-c-lite"], [scope]),
      await inEnvironment(["pull", "mochi", "json-c-lite", "--root", join(bare, "own")], [scope]),
    ];
    // As by a Spack that does not know of the setting: with locks, the command would wait for it.
    const hold =
      "import fcntl, sys\nf = open(sys.argv[1], 'r+')\nfcntl.lockf(f, fcntl.LOCK_EX)\nprint(1, flush=True)\nsys.stdin.read()";
    const holder = spawn("python3", ["-c", hold, join(bare, ".spack-db/lock")]);
    await once(holder.stdout, "data");
    runs.push(await inEnvironment(["reindex"], [scope]));
    runs.push(await inEnvironment(["pull", "mochi", "argobots-lite@1.2"], [scope]));
    holder.stdin.end();
    for (const { status, stderr } of runs) {
      expect(status).toBe(0);
      expect(stderr.match(/without locks that Spack honors: config:locks is false\./g)).toHaveLength(1);
    }
    rmSync(bare, { recursive: true });
  });

  it("uses packages of an upstream store in place", async () => {
    const scope = place.scope({
      "config.yaml": `config:\n  install_tree:\n    root: ${own}\n    padded_length: 0\n`,
      "upstreams.yaml": `upstreams:\n  site:\n    install_tree: ${root}\n`,
    });
    const run = await inEnvironment(["pull", "mochi", "--json"], [scope]);
    expect(run.status).toBe(0);
    expect(run.json()).toMatchObject({ planned: [] });
    expect(existsSync(join(own, "linux-x86_64_v3"))).toBe(false);
  });
});

describe("errors", () => {
  const root = shortRoot();

  it("a mirror that is not configured", async () => {
    const run = await inEnvironment(["push", "nowhere"]);
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/No mirror is named nowhere[\s\S]*mochi, other/);
  });

  it("a mirror that is not an OCI buildcache", async () => {
    const scope = place.scope({ "mirrors.yaml": "mirrors:\n  web: https://example.com/cache\n" });
    const run = await inEnvironment(["pull", "web"], [scope]);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/web is at https:\/\/example\.com\/cache, which is not an OCI buildcache/);
  });

  it("unset variables for credentials", async () => {
    const scope = place.scope({
      "mirrors.yaml": `mirrors:\n  secret:\n    url: ${registry.location("a/b")}\n    access_pair:\n      id_variable: NO_USER\n      secret_variable: NO_SECRET\n`,
    });
    const run = await inEnvironment(["push", "secret"], [scope]);
    expect(run.status).toBe(4);
    expect(run.stderr).toMatch(/NO_USER, NO_SECRET/);
  });

  it("an unknown environment", async () => {
    const run = await spackOci(["-e", "nowhere", "push", "mochi"], { environment });
    expect(run.status).toBe(3);
    expect(run.stderr).toMatch(/no environment in nowhere/);
  });

  it("a build dependency that is not installed, only with --strict", async () => {
    const scope = place.scope({
      "config.yaml": `config:\n  install_tree:\n    root: ${root}\n    padded_length: 0\n`,
    });
    expect(await inEnvironment(["pull", "mochi", "json-c-lite"], [scope])).toMatchObject({ status: 0 });
    const push = ["push", "--dry-run", "--json", "other", "json-c-lite"];
    expect(await inEnvironment(push, [scope])).toMatchObject({ status: 0 });
    const strict = await inEnvironment([...push, "--strict"], [scope]);
    expect(strict.status).toBe(1);
    expect(strict.json<{ absent: { name: string }[] }>().absent.map(({ name }) => name)).toContain(
      "compiler-wrapper",
    );
  });
});

it("config shows a section with the file of each line", async () => {
  const run = await inEnvironment(["config", "mirrors"]);
  expect(run.status).toBe(0);
  expect(run.stdout).toMatch(new RegExp(`^${mirrors}/mirrors\\.yaml:2 +mochi: oci\\+http://`, "m"));
});

/** A string in one package only fits an unpadded root of 15 characters. */
function shortRoot(): string {
  const directory = mkdtempSync("/tmp/i-");
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "o");
}

function databaseOf(root: string): Database["database"] {
  const text = readFileSync(join(root, ".spack-db/index.json"), "utf8");
  return (JSON.parse(text) as Database).database;
}

function prefixOf(root: string, name: string): string {
  const record = Object.values(databaseOf(root).installs).find(
    ({ spec }) => (spec as { name: string }).name === name,
  );
  return String(record?.["path"]);
}
