// Pushes images into a layout from a separate process: node layout-writer.mjs DIRECTORY NAME COUNT. Prints each tag
// once it is written. Runs the built package, as a user's process would.

import { ImageLayout, MEDIA_TYPES, pushBytes } from "../../dist/index.js";

const [directory, name, count] = process.argv.slice(2);
const layout = new ImageLayout(directory);
for (let i = 0; i < Number(count); i += 1) {
  const tag = `${name}-${i}`;
  const text = JSON.stringify({ tag });
  const { descriptor: config } = await pushBytes(layout, Buffer.from(text), {
    mediaType: MEDIA_TYPES.ociConfig,
  });
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers: [] };
  await pushBytes(layout, Buffer.from(JSON.stringify(manifest)), { mediaType: MEDIA_TYPES.ociManifest, tag });
  process.stdout.write(`${tag}\n`);
}
