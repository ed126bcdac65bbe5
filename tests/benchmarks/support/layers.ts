// The layer of the package that was filled, as it is in a registry.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  type Descriptor,
  fetchManifest,
  type ImageManifest,
  isImageIndex,
  mediaTypes,
  pushBytes,
} from "@spack-oci/oci-client";
import { specFile } from "../../interop/support/spack.js";
import { scratchDirectory } from "../../support/scratch.js";
import { FILLED } from "../stores/filled-package.js";
import type { Surroundings } from "./surroundings.js";

const TAG = basename(specFile(FILLED), ".spec.json").concat(".spack");

/** @throws Error where the mirror does not have it */
async function imageOf(surroundings: Surroundings, mirror: string): Promise<ImageManifest> {
  const { manifest } = await fetchManifest(surroundings.open(mirror), TAG);
  if (isImageIndex(manifest)) throw new Error(`${mirror} has an index of images under ${TAG}`);
  return manifest;
}

/** The package's own layer. */
export async function layerOf(surroundings: Surroundings, mirror: string): Promise<Descriptor> {
  const layer = (await imageOf(surroundings, mirror)).layers.at(-1);
  if (layer === undefined) throw new Error(`${mirror} has no layer under ${TAG}`);
  return layer;
}

/** Where curl gets the package's own layer. */
export async function layerUrl(surroundings: Surroundings, mirror: string): Promise<string> {
  const { host, pathname } = new URL(mirror);
  return `https://${host}/v2${pathname}/blobs/${(await layerOf(surroundings, mirror)).digest}`;
}

/** Compresses the package's own layer anew with zstd, and puts it in the place of what is there. */
export async function compressWithZstd(surroundings: Surroundings, mirror: string): Promise<void> {
  const file = join(scratchDirectory("zstd"), "layer");
  const unpack = `curl -sSfk ${await layerUrl(surroundings, mirror)} | gunzip`;
  execFileSync("bash", ["-o", "pipefail", "-c", `${unpack} | zstd -q -T0 -o ${file}`]);
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  const layer: Descriptor = {
    mediaType: "application/vnd.oci.image.layer.v1.tar+zstd",
    digest: `sha256:${hash.digest("hex")}`,
    size: statSync(file).size,
  };
  const target = surroundings.open(mirror);
  await target.push(layer, () => createReadStream(file));
  const image = await imageOf(surroundings, mirror);
  const manifest = { ...image, layers: [...image.layers.slice(0, -1), layer] };
  await pushBytes(target, mediaTypes.ociManifest, Buffer.from(JSON.stringify(manifest)), { tag: TAG });
  rmSync(file);
}
