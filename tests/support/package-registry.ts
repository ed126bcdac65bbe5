// A registry for npm with the third-party packages of the workspace, so that tests install without a network.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FileServer, serveFiles } from "./file-server.js";

const packages = fileURLToPath(new URL("../../packages", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * Serves what the packages of the workspace depend on, in the versions that pnpm installed.
 *
 * @param directory where to keep what is served; it does not exist yet
 */
export async function startPackageRegistry(directory: string): Promise<FileServer> {
  mkdirSync(directory, { recursive: true });
  const server = await serveFiles(directory);
  for (const [name, installed] of thirdParties())
    publish(name, [...installed], { directory, url: server.url });
  return server;
}

/**
 * The directories of all third-party packages that users of the workspace's packages need on this machine, one for each
 * version, by name.
 */
function thirdParties(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const visit = (dependent: string) => {
    const { dependencies, optionalDependencies } = manifestIn(dependent);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (name.startsWith("@spack-oci/")) continue;
      const directory = installedFor(dependent, name);
      const versions = found.get(name) ?? new Set();
      // Native code for other machines is not installed.
      if (directory === undefined || versions.has(directory)) continue;
      found.set(name, versions.add(directory));
      visit(directory);
    }
  };
  for (const name of readdirSync(packages)) visit(join(packages, name));
  return found;
}

function manifestIn(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
}

/** Where Node would find a dependency. */
function installedFor(dependent: string, name: string): string | undefined {
  for (let directory = dependent; directory !== dirname(directory); directory = dirname(directory)) {
    const candidate = join(directory, "node_modules", name);
    if (existsSync(candidate)) return realpathSync(candidate);
  }
  return undefined;
}

/** Where archives go, and the address of that directory. */
interface Place {
  readonly directory: string;
  readonly url: string;
}

/** Writes a package's archives and its metadata (https://github.com/npm/registry, docs/responses/package-metadata.md). */
function publish(name: string, installed: readonly string[], place: Place): void {
  const versions = Object.fromEntries(
    installed.map((each) => [manifestIn(each).version, { ...manifestIn(each), dist: pack(each, place) }]),
  );
  const latest = Object.keys(versions)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .at(-1);
  const metadata = { name, "dist-tags": { latest }, versions };
  mkdirSync(dirname(join(place.directory, name)), { recursive: true });
  writeFileSync(join(place.directory, name), JSON.stringify(metadata));
}

function pack(installed: string, { directory, url }: Place): { tarball: string; integrity: string } {
  const { name, version } = manifestIn(installed);
  const file = `${name.replace("/", "-")}-${version}.tgz`;
  const archive = join(directory, file);
  const content = join(directory, "package");
  cpSync(installed, content, { recursive: true, filter: (path) => !path.endsWith("/node_modules") });
  const { status, stderr } = spawnSync("tar", ["-czf", archive, "-C", directory, "package"], {
    encoding: "utf8",
  });
  rmSync(content, { recursive: true });
  if (status !== 0) throw new Error(`tar could not pack ${name}: ${stderr}`);
  const integrity = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  return { tarball: `${url}/${file}`, integrity };
}
