// Measures how long update-index takes, and how much memory, for buildcaches of several sizes: node scripts/measure-index.mjs

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const sizes = (process.env["SIZES"] ?? "100,1000,5000,20000").split(",").map(Number);
const repetitions = Number(process.env["REPETITIONS"] ?? 5);
const repository = fileURLToPath(new URL("..", import.meta.url));
const fixture = join(repository, "tests/fixtures/spack-1.2/oci-layout-main");
const REF_NAME = "org.opencontainers.image.ref.name";
/** Prints the most memory that a process had, in kilobytes. */
const report =
  "process.on('exit', () => process.stderr.write('\\nmaxRSS ' + process.resourceUsage().maxRSS))";

const blobOf = (digest) => join("blobs", ...digest.split(":"));
const fixtureIndex = JSON.parse(readFileSync(join(fixture, "index.json"), "utf8"));
const listed = fixtureIndex.manifests.find((each) => each.annotations[REF_NAME] === "index.spack");
const manifest = JSON.parse(readFileSync(join(fixture, blobOf(listed.digest)), "utf8"));
const { installs } = JSON.parse(
  readFileSync(join(fixture, blobOf(manifest.layers[0].digest)), "utf8"),
).database;

/** The fixture's specs again, with hashes of their own; each copy is a graph for itself. */
function copyOfSpecs(number) {
  const text = JSON.stringify(installs).replaceAll(/"([a-z2-7]{32})"/g, (_match, hash) => {
    const copied = createHash("sha256").update(`${hash} ${number}`).digest("hex").slice(0, 32);
    return `"${copied.replaceAll(/[0189]/g, (digit) => "qrst"["0189".indexOf(digit)])}"`;
  });
  return JSON.parse(text);
}

/** A buildcache in which one package is new: all others are in the index, and their images are never looked at. */
function makeLayout(directory, size) {
  cpSync(fixture, directory, { recursive: true });
  const tagged = fixtureIndex.manifests.filter((each) => each.annotations[REF_NAME] !== "index.spack");
  const all = {};
  const manifests = [tagged[0]];
  for (let number = 0; manifests.length <= size; number += 1) {
    for (const [hash, record] of Object.entries(copyOfSpecs(number))) {
      all[hash] = record;
      if (!record.in_buildcache || manifests.length > size) continue;
      const { name, version } = record.spec;
      const tag = `${name}-${version}-${hash}.spack`.replaceAll(/[^\w.-]/g, "_");
      const short = tag.length > 128 ? tag.slice(0, 64) + tag.slice(-64) : tag;
      manifests.push({ ...tagged[0], annotations: { [REF_NAME]: short } });
    }
  }
  const known = new Set(manifests.map((each) => each.annotations[REF_NAME].slice(-38, -6)));
  for (const [hash, record] of Object.entries(all)) record.in_buildcache &&= known.has(hash);
  const layer = put(directory, manifest.layers[0], { database: { version: "8", installs: all } });
  const index = put(directory, listed, { ...manifest, layers: [layer] });
  writeFileSync(
    join(directory, "index.json"),
    JSON.stringify({ ...fixtureIndex, manifests: [...manifests, index] }),
  );
  return layer.size;
}

function put(directory, descriptor, document) {
  const bytes = Buffer.from(JSON.stringify(document));
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  mkdirSync(join(directory, "blobs/sha256"), { recursive: true });
  writeFileSync(join(directory, blobOf(digest)), bytes);
  return { ...descriptor, digest, size: bytes.length };
}

function measure(layout, size) {
  const options = ["--import", `data:text/javascript,${encodeURIComponent(report)}`];
  const program = join(repository, "packages/cli/bin/spack-oci.js");
  const began = performance.now();
  const args = [...options, program, "update-index", `oci-layout:${layout}`, "--json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - began) / 1000;
  const { outcome, specs, added } = JSON.parse(stdout || "{}");
  if (status !== 0 || outcome !== "written" || specs !== size + 1 || added.length !== 1)
    throw new Error(`update-index of ${size} packages: status ${status}, ${outcome} ${specs}: ${stderr}`);
  return { seconds, megabytes: Number(/maxRSS (\d+)/.exec(stderr)?.[1]) / 1000 };
}

const median = (numbers) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

const scratch = mkdtempSync(join(tmpdir(), "measure-index-"));
try {
  console.log("| packages | index, MB | seconds | memory, MB |\n| ---: | ---: | ---: | ---: |");
  for (const size of sizes) {
    const layout = join(scratch, String(size));
    const bytes = makeLayout(layout, size);
    const runs = Array.from({ length: repetitions }, () => {
      const copy = join(scratch, "run");
      cpSync(layout, copy, { recursive: true });
      const run = measure(copy, size);
      rmSync(copy, { recursive: true });
      return run;
    });
    const seconds = median(runs.map((run) => run.seconds)).toFixed(2);
    const megabytes = median(runs.map((run) => run.megabytes)).toFixed(0);
    console.log(`| ${size} | ${(bytes / 1e6).toFixed(1)} | ${seconds} | ${megabytes} |`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
