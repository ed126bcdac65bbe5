// The directory built by npm run bundle works alone, anywhere it is copied.

import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ImageLayout } from "@spack-oci/oci-client";
import { beforeAll, expect, it } from "vitest";
import { buildBundle } from "../support/bundle.js";
import { runShell } from "../support/command-process.js";
import { fixture } from "../support/fixtures.js";
import { startProxy } from "../support/proxy.js";
import { scratchDirectory } from "../support/scratch.js";
import { describeStore } from "../support/store-tree.js";
import { pushSynthetic } from "../support/synthetic-buildcache.js";
import { startTestRegistry } from "../support/test-registry/test-registry.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const home = scratchDirectory("bundle");
const built = scratchDirectory("built");
const program = `${home}/copied/spack-oci.cjs`;
const layout = `oci-layout:${fixture("oci-layout-main")}`;

beforeAll(() => {
  cpSync(dirname(buildBundle(built)), dirname(program), { recursive: true });
}, 120_000);

function run(...args: string[]) {
  return spawnSync(process.execPath, [program, ...args], { encoding: "utf8", env: { HOME: "/nonexistent" } });
}

it("knows its version without the package's other files", () => {
  const { version } = JSON.parse(readFileSync(`${repository}/packages/cli/package.json`, "utf8"));
  expect(run("--version")).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: "" });
});

it("loads only the parts that a command uses", () => {
  const parts = readdirSync(`${home}/copied/parts`);
  const loaded = (...args: string[]) => {
    const listing = "process.on('exit', () => console.error(Object.keys(require.cache).join('\\n')))";
    const preload = `data:text/javascript,import{createRequire}from'node:module';const require=createRequire('${program}');${listing}`;
    const { stderr } = spawnSync(process.execPath, ["--import", preload, program, ...args], {
      encoding: "utf8",
      env: { HOME: "/nonexistent" },
    });
    return parts.filter((part) => stderr.includes(part));
  };
  expect(parts.some((part) => part.startsWith("undici-"))).toBe(true);
  expect(loaded("--version").length).toBeLessThan(parts.length / 4);
  const forList = loaded("list", layout);
  expect(forList.length).toBeGreaterThan(parts.length / 4);
  expect(forList.filter((part) => part.startsWith("undici-"))).toEqual([]);
});

it("pulls packages", () => {
  const root = `${home}/opt`;
  expect(run("pull", "--allarch", layout, "margo-lite", "--root", root)).toMatchObject({ status: 0 });
  expect(describeStore(root).size).toBe(6);
});

it("writes many packages in a worker thread", async () => {
  const names = Array.from({ length: 40 }, (_, index) => `package-${index}`);
  await pushSynthetic(
    new ImageLayout(`${home}/many`),
    names.map((name) => ({ name })),
  );
  const preload = "data:text/javascript,process.on('worker',()=>console.error('a thread started'))";
  const args = ["pull", "--json", "--allarch", `oci-layout:${home}/many`, "--root", `${home}/threads`];
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", preload, program, ...args], {
    encoding: "utf8",
    env: { HOME: "/nonexistent" },
  });
  expect(JSON.parse(stdout).pulled).toHaveLength(names.length);
  expect(stderr).toContain("a thread started");
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
  const sections = licenses.split(/^(?=\S+ [\d.]+ \([\w. -]+\)$)/m).filter((text) => text !== "");
  const names = sections.map((section) => section.slice(0, section.indexOf(" ")));
  expect(names).toEqual(expect.arrayContaining(["commander", "fzstd", "p-limit", "undici", "yaml"]));
  for (const section of sections) {
    const grant =
      /[Pp]ermission .*(is hereby granted|to use)|Apache License|Blue Oak|Redistribution and use|spdx\.org/;
    expect(section.replace(/^.*\n/, ""), section.split("\n", 1)[0]).toMatch(grant);
  }
});
