// npm run executable -- [--platform PLATFORM]... [--node FILE] [--output DIRECTORY]: makes the command one file that
// needs no Node, by default dist/spack-oci-linux-x64. See docs/executable.md.

import { createHash } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { bundleExecutable } from "./executable/bundle-executable.mjs";
import { makeExecutable } from "./executable/make-executable.mjs";
import { downloadedPlatforms, nodeBinary } from "./executable/node-binaries.mjs";
import { licenseTexts } from "./licenses.mjs";
import { NATIVE_CODE_LICENSE, nativeCodeFor } from "./lock-packages.mjs";
import { root } from "./workspace.mjs";

const here = `${process.platform}-${process.arch}`;
const { values } = parseArgs({
  options: {
    platform: { type: "string", multiple: true, default: [here] },
    node: { type: "string" },
    output: { type: "string", default: join(root, "dist") },
  },
});
const { node: ownNode, output, platform: platforms } = values;
const possible = ownNode === undefined ? downloadedPlatforms(here) : [here];
const impossible = platforms.filter((platform) => !possible.includes(platform));
if (impossible.length > 0) {
  console.error(
    `Cannot make an executable for ${impossible.join(", ")} here, only for ${possible.join(", ")}.`,
  );
  console.error("On that platform, run this again with --node FILE, the path of a Node 24 of its own.");
  process.exit(2);
}

const { packages, ...code } = await bundleExecutable();
for (const platform of platforms) {
  const { node, license } = ownNode === undefined ? nodeBinary(platform) : { node: ownNode };
  const packer = ownNode ?? nodeBinary(platform, here).node;
  const file = join(output, `spack-oci-${platform}`);
  await makeExecutable(file, { node, packer, code, nativeCode: nativeCodeFor(platform) });
  const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
  writeFileSync(`${file}.sha256`, `${digest}  ${basename(file)}\n`);
  const ofNode = license === undefined ? "" : readFileSync(license, "utf8");
  writeFileSync(`${file}.LICENSES.txt`, `${licenseTexts([...packages, NATIVE_CODE_LICENSE])}\n${ofNode}`);
  console.log(`${file} has ${Math.ceil(statSync(file).size / 2 ** 20)} MiB`);
}
