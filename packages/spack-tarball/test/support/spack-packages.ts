// The packages in the buildcache that a real Spack pushed (tests/fixtures/spack-1.2/oci-layout-main).

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FIXTURES = fileURLToPath(new URL("../../../../tests/fixtures/spack-1.2/", import.meta.url));

export interface SpackPackage {
  readonly name: string;
  readonly hash: string;
  /** The compressed layer. */
  readonly layer: Buffer;
  /** Spack's digest of the uncompressed archive. */
  readonly diffId: string;
}

export interface ExpectedInstall {
  readonly name: string;
  readonly prefix: string;
  readonly entries: Readonly<
    Record<string, { type: string; mode: string; size?: number; sha256?: string; target?: string }>
  >;
  readonly hardlinks: readonly (readonly string[])[];
}

export interface ExpectedStore {
  readonly root: string;
  readonly sbang_install_path: string;
  readonly prefix_by_hash: Readonly<Record<string, string>>;
  readonly installs: Readonly<Record<string, ExpectedInstall>>;
}

const json = (path: string) => JSON.parse(readFileSync(FIXTURES + path, "utf8"));
const blob = (digest: string) => `oci-layout-main/blobs/sha256/${digest.slice("sha256:".length)}`;

/** All twenty. */
export function spackPackages(): SpackPackage[] {
  const packages: SpackPackage[] = [];
  for (const { digest } of json("oci-layout-main/index.json").manifests) {
    const manifest = json(blob(digest));
    const config = json(blob(manifest.config.digest));
    const node = config.spec?.nodes[0];
    if (node === undefined) continue;
    packages.push({
      name: node.name,
      hash: node.hash,
      layer: readFileSync(FIXTURES + blob(manifest.layers.at(-1).digest)),
      diffId: config.rootfs.diff_ids.at(-1),
    });
  }
  return packages;
}

/** Packages that Spack installed below another root: a shorter one, or a longer one with the help of patchelf. */
export function expectedStore(consumer: "B" | "D2"): ExpectedStore {
  return json(`expected-${consumer}.json`);
}
