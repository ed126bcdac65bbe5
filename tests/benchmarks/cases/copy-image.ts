// Copies an image between registries, compared with other registry clients.

import { createCipheriv } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type Descriptor, MEDIA_TYPES, openTarget, pushBytes } from "@spack-oci/oci-client";
import type { RunningRegistry } from "../../support/registries.js";
import type { Rival } from "../support/measure.js";
import { withPrograms } from "../support/programs.js";
import { FLOOR } from "../support/surroundings.js";
import { type BenchmarkCase, OURS } from "./benchmark-case.js";

/** More than any client fetches at once. */
const LAYERS = 10;
const TAG = "image";

/** Its name in tables. */
export const CRANE = "crane";

export const copyImage: BenchmarkCase = {
  name: "copy",
  title: ({ copied }) => `Copy ${copied} MB from one registry to another`,
  about: `One image with ${LAYERS} layers, none of which the destination has.`,
  rivals: async (surroundings) => {
    const from = await surroundings.startRegistry();
    const repository = "copy/source";
    await pushImage(from.location(repository), surroundings.settings.copied / LAYERS);
    const source = `${from.host}/${repository}:${TAG}`;
    let to: RunningRegistry | undefined;
    // A new one for every run: skopeo remembers which blobs a registry has seen.
    const begin = async () => {
      await to?.stop();
      to = await surroundings.startRegistry();
      return to;
    };
    const client = (program: string, script: (destination: string, host: string) => string) =>
      withPrograms([program], {
        name: program,
        prepare: async () => {
          const { host } = await begin();
          return { script: script(`${host}/copy:${TAG}`, host) };
        },
      });
    const ours: Rival = {
      name: OURS,
      prepare: async () =>
        surroundings.ours("copy", from.location(repository), (await begin()).location("copy")),
    };
    const regctl = (host: string) =>
      `regctl ${[from.host, host].map((each) => `--host reg=${each},tls=disabled`).join(" ")}`;
    const insecure = "--insecure-policy copy --quiet --src-tls-verify=false --dest-tls-verify=false";
    const floor = fileURLToPath(new URL("../floors/copy.mjs", import.meta.url));
    return [
      ours,
      {
        name: FLOOR,
        prepare: async () => surroundings.floor(floor, source, `${(await begin()).host}/copy:${TAG}`),
      },
      ...client("skopeo", (place) => `skopeo ${insecure} docker://${source} docker://${place}`),
      ...client(CRANE, (place) => `crane copy --insecure ${source} ${place}`),
      ...client("regctl", (place, host) => `${regctl(host)} image copy ${source} ${place}`),
      ...client("oras", (place) => `oras copy --from-plain-http --to-plain-http ${source} ${place}`),
    ];
  },
};

/** Pushes an image with incompressible layers of this many megabytes each. */
async function pushImage(mirror: string, megabytes: number): Promise<void> {
  const target = openTarget(mirror);
  const noise = createCipheriv("aes-128-ctr", Buffer.alloc(16, "seed"), Buffer.alloc(16));
  const layers: Descriptor[] = [];
  for (let number = 0; number < LAYERS; number += 1) {
    const bytes = noise.update(Buffer.alloc(megabytes * 1e6));
    const layer = await promisify(gzip)(bytes, { level: 0 });
    layers.push((await pushBytes(target, layer, { mediaType: MEDIA_TYPES.ociLayerGzip })).descriptor);
  }
  const config = { architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } };
  const pushed = await pushBytes(target, Buffer.from(JSON.stringify(config)), {
    mediaType: MEDIA_TYPES.ociConfig,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociManifest,
    config: pushed.descriptor,
    layers,
  };
  await pushBytes(target, Buffer.from(JSON.stringify(manifest)), {
    mediaType: MEDIA_TYPES.ociManifest,
    tag: TAG,
  });
}
