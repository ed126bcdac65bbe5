// The file built by npm run bundle works alone, anywhere it is copied.
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { buildBundle } from "../support/bundle.js";
import { runShell } from "../support/command-process.js";
import { fixture } from "../support/fixtures.js";
import { startProxy } from "../support/proxy.js";
import { scratchDirectory } from "../support/scratch.js";
import { describeStore } from "../support/store-tree.js";
import { startTestRegistry } from "../support/test-registry/test-registry.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const home = scratchDirectory("bundle");
const built = scratchDirectory("built");
const program = `${home}/spack-oci.cjs`;
const layout = `oci-layout:${fixture("oci-layout-main")}`;

beforeAll(() => {
  copyFileSync(buildBundle(built), program);
}, 120_000);

function run(...args: string[]) {
  return spawnSync(process.execPath, [program, ...args], { encoding: "utf8", env: { HOME: "/nonexistent" } });
}

it("knows its version without the package's other files", () => {
  const { version } = JSON.parse(readFileSync(`${repository}/packages/cli/package.json`, "utf8"));
  expect(run("--version")).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: "" });
});

it("pulls packages", () => {
  const root = `${home}/opt`;
  expect(run("pull", "--allarch", layout, "margo-lite", "--root", root)).toMatchObject({ status: 0 });
  expect(describeStore(root).size).toBe(6);
});

it("talks to registries, also through a proxy", async () => {
  const [registry, proxy] = [await startTestRegistry(), await startProxy()];
  const mirror = registry.location("copies/of-main");
  const environment = { SPACK_OCI: `${process.execPath} ${program}` };
  const copied = await runShell(`$SPACK_OCI copy ${layout} ${mirror}`, environment);
  expect(copied).toMatchObject({ status: 0 });
  const listed = await runShell(`$SPACK_OCI list ${mirror} margo-lite`, {
    ...environment,
    http_proxy: proxy.url,
  });
  expect(listed).toMatchObject({ status: 0, stdout: expect.stringContaining("margo-lite@") });
  expect(proxy.requests.length).toBeGreaterThan(0);
  await Promise.all([registry.close(), proxy.close()]);
});

it("comes with the licenses of its dependencies", () => {
  const licenses = readFileSync(`${built}/LICENSES.txt`, "utf8");
  const names = [...licenses.matchAll(/^(\S+) [\d.]+ \(.+\)$/gm)].map(([, name]) => name);
  expect(names).toEqual(expect.arrayContaining(["commander", "fzstd", "p-limit", "undici", "yaml"]));
  expect(licenses.match(/[Pp]ermission .*(?:is hereby granted|to use)/g)).toHaveLength(names.length);
});
