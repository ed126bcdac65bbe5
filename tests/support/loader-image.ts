// An image with the dynamic loader and the C library of this machine: the least that programs of a store run on.
import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { digestOf, mediaTypes, pushBytes, type Target } from "@spack-oci/oci-client";

/**
 * @param programs what shall run, with all that it is linked to; libraries below `store` are left out
 * @param environment `config.Env` of the image
 */
export async function pushLoaderImage(
  target: Target,
  tag: string,
  programs: readonly string[],
  store: string,
  environment: readonly string[],
): Promise<void> {
  const libraries = new Set(programs.flatMap((program) => librariesOf(program, store)));
  const names = [...libraries].sort().map((path) => path.slice(1));
  const options = ["--owner=0", "--group=0", "--mtime=@0", "--sort=name", "--dereference"];
  const archive = execFileSync("tar", ["--create", ...options, "--directory", "/", ...names], {
    maxBuffer: 256 * 1024 * 1024,
  });
  const { descriptor: layer } = await pushBytes(target, mediaTypes.ociLayerGzip, gzipSync(archive));
  const config = {
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    rootfs: { type: "layers", diff_ids: [digestOf(archive)] },
    config: { Env: environment },
  };
  const text = Buffer.from(JSON.stringify(config));
  const { descriptor } = await pushBytes(target, mediaTypes.ociConfig, text);
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: descriptor,
    layers: [layer],
  };
  await pushBytes(target, mediaTypes.ociManifest, Buffer.from(JSON.stringify(manifest)), { tag });
}

function librariesOf(program: string, store: string): string[] {
  const listed = execFileSync("ldd", [program], { encoding: "utf8" });
  const paths = [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path ?? "");
  return paths.filter((path) => !path.startsWith(store));
}
