// Measures the time and memory of update-index for buildcaches of several sizes (docs/performance.md).
//
// If SPACK_TEST_ROOT names a Spack, its own indexing of the same packages is measured too.

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
/** Prints a process's CPU seconds and peak memory in kilobytes when it exits. */
const report = `process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write("\\nused " + (userCPUTime + systemCPUTime) / 1e6 + " " + maxRSS);
})`;

const blobOf = (digest) => join("blobs", ...digest.split(":"));
const fixtureIndex = JSON.parse(readFileSync(join(fixture, "index.json"), "utf8"));
const listed = fixtureIndex.manifests.find((each) => each.annotations[REF_NAME] === "index.spack");
const manifest = JSON.parse(readFileSync(join(fixture, blobOf(listed.digest)), "utf8"));
const { installs } = JSON.parse(
  readFileSync(join(fixture, blobOf(manifest.layers[0].digest)), "utf8"),
).database;

/** A copy of the fixture's specs with new hashes; each copy is a separate graph. */
function copyOfSpecs(number) {
  const text = JSON.stringify(installs).replaceAll(/"([a-z2-7]{32})"/g, (_match, hash) => {
    const copied = createHash("sha256").update(`${hash} ${number}`).digest("hex").slice(0, 32);
    return `"${copied.replaceAll(/[0189]/g, (digit) => "qrst"["0189".indexOf(digit)])}"`;
  });
  return JSON.parse(text);
}

/** A buildcache with one new package; all others are in the index, and their images are never read. */
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
  return { path: join(directory, blobOf(layer.digest)), bytes: layer.size };
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
  const args = [...options, program, "update-index", `oci-layout:${layout}`, "--json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const { outcome, specs, added } = JSON.parse(stdout || "{}");
  if (status !== 0 || outcome !== "written" || specs !== size + 1 || added.length !== 1)
    throw new Error(`update-index of ${size} packages: status ${status}, ${outcome} ${specs}: ${stderr}`);
  const [, seconds, kilobytes] = /\nused (\S+) (\d+)/.exec(stderr) ?? [];
  return { seconds: Number(seconds), megabytes: Number(kilobytes) / 1000 };
}

function measureSpack(index) {
  const { SPACK_TEST_ROOT: spack, SPACK_TEST_PYTHON: python = "python3" } = process.env;
  if (spack === undefined) return undefined;
  const script = fileURLToPath(new URL("measure-index-spack.py", import.meta.url));
  const env = { ...process.env, SPACK_DISABLE_LOCAL_CONFIG: "1", SPACK_PYTHON: python };
  const { status, stdout, stderr } = spawnSync(join(spack, "bin/spack"), ["python", script, index], {
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`spack python: ${stderr}`);
  const [seconds, megabytes] = stdout.trim().split(" ").map(Number);
  return { seconds, megabytes };
}

const median = (numbers) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

const scratch = mkdtempSync(join(tmpdir(), "measure-index-"));
try {
  console.log("| packages | index, MB | seconds | memory, MB | Spack: seconds | memory, MB |");
  console.log("| ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const size of sizes) {
    const layout = join(scratch, String(size));
    const index = makeLayout(layout, size);
    const runs = Array.from({ length: repetitions }, () => {
      const copy = join(scratch, "run");
      cpSync(layout, copy, { recursive: true });
      const run = measure(copy, size);
      rmSync(copy, { recursive: true });
      return run;
    });
    const spackRuns = Array.from({ length: repetitions }, () => measureSpack(index.path));
    const columns = [runs, spackRuns].flatMap((measured) =>
      measured.includes(undefined)
        ? ["", ""]
        : [
            median(measured.map((run) => run.seconds)).toFixed(2),
            median(measured.map((run) => run.megabytes)).toFixed(0),
          ],
    );
    console.log(`| ${[size, (index.bytes / 1e6).toFixed(1), ...columns].join(" | ")} |`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
