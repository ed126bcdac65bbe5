// Finds and reads the fixtures that a real Spack made.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The path of a file below tests/fixtures. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** The text of a file below tests/fixtures. */
export function readFixture(name: string): string {
  return readFileSync(fixturePath(name), "utf8");
}

/** A fixture parsed with JavaScript's own JSON. */
export function readJsonFixture<T>(name: string): T {
  return JSON.parse(readFixture(name)) as T;
}

interface Descriptor {
  readonly digest: string;
}

interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** The manifests of an image layout among the fixtures, by tag. */
export function readLayout(name: string): ReadonlyMap<string, Manifest> {
  const index = readJsonFixture<{
    manifests: readonly (Descriptor & { annotations: Record<string, string> })[];
  }>(`${name}/index.json`);
  return new Map(
    index.manifests.map((item) => {
      const tag = item.annotations["org.opencontainers.image.ref.name"] as string;
      return [tag, JSON.parse(readBlob(name, item.digest)) as Manifest];
    }),
  );
}

/** The text of a blob in an image layout among the fixtures. */
export function readBlob(layout: string, digest: string): string {
  return readFixture(`${layout}/blobs/${digest.replace(":", "/")}`);
}
