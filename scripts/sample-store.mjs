// Unpacks the sample store, which a real Spack built below /tmp/spackA. If that holds something else, perhaps another
// user's, it goes to a place of the user's own. Its files contain its paths, so that has as many characters, and they
// are replaced.

import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const archive = fileURLToPath(
  new URL("../tests/fixtures/spack-1.2/producer/install-tree.tar.gz", import.meta.url),
);
const BUILT_AT = "/tmp/spackA";
const MARKER = ".spack-oci-sample";
/** Holds how many entries there are. */
const COUNT = ".spack-oci-sample-entries";

/** How many places are tried: others may have taken some. */
const MAX_PLACES = 100;

/** @type {Map<string, string>} */
const unpacked = new Map();

/**
 * Unpacks the sample store, once for each user. Nothing ever writes to it.
 *
 * @returns {string} its unpadded root: the one it was built at, or one with as many characters
 */
export function extractSampleStore() {
  const asBuilt = extractSampleStoreAsBuilt();
  if (asBuilt !== undefined) return asBuilt;
  for (let attempt = 0; attempt < MAX_PLACES; attempt += 1) {
    const name = createHash("sha256")
      .update(`${userInfo().uid} ${archiveDigest()} ${attempt}`)
      .digest("hex")
      .slice(0, 5);
    const root = extractSampleStoreAt(`/tmp/s${name}`);
    if (root !== undefined) return root;
  }
  throw new Error("Found no place below /tmp for the sample store.");
}

/**
 * The sample store where Spack built it, for comparing bytes that contain its paths.
 *
 * @returns {string | undefined} its unpadded root; undefined if that place holds something else, perhaps another user's
 */
export function extractSampleStoreAsBuilt() {
  return extractSampleStoreAt(BUILT_AT);
}

/**
 * The sample store at one place.
 *
 * @param {string} home a path with as many characters as the one it was built at
 * @returns {string | undefined} its unpadded root; undefined if the place holds something else, perhaps another user's
 */
export function extractSampleStoreAt(home) {
  const known = unpacked.get(home);
  if (known !== undefined) return known;
  const digest = archiveDigest();
  if (holdsSample(home, digest) && !isWhole(home)) discard(home);
  if (lstatSync(home, { throwIfNoEntry: false }) === undefined) unpack(home, digest);
  if (!holdsSample(home, digest)) return undefined;
  unpacked.set(home, join(home, "opt"));
  return join(home, "opt");
}

function archiveDigest() {
  return createHash("sha256").update(readFileSync(archive)).digest("hex");
}

/** Whether the place holds the sample, and nobody else can change it: others' files prove nothing. */
function holdsSample(home, digest) {
  try {
    return lstatSync(home).uid === userInfo().uid && readFileSync(join(home, MARKER), "utf8") === digest;
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(error.code)) return false;
    throw error;
  }
}

/** Systems remove what is old below /tmp, file by file. */
function isWhole(home) {
  const count = join(home, COUNT);
  return !existsSync(count) || readFileSync(count, "utf8") === String(countEntries(join(home, "opt")));
}

/** Does not follow links, some of which lead upward. */
function countEntries(directory) {
  const entries = readdirSync(directory, { withFileTypes: true });
  const directories = entries.filter((entry) => entry.isDirectory());
  return directories.reduce((count, { name }) => count + countEntries(join(directory, name)), entries.length);
}

/** Another process may do the same: the first one wins, and the final path never holds a partial copy. */
function unpack(home, digest) {
  const scratch = `${home}.${randomUUID()}`;
  mkdirSync(scratch, { mode: 0o755 });
  try {
    const { status, stderr } = spawnSync("tar", ["-xpzf", archive, "-C", scratch], { encoding: "utf8" });
    if (status !== 0) throw new Error(`tar failed to unpack the sample store: ${stderr}`);
    if (home !== BUILT_AT) replacePaths(join(scratch, "opt"), home);
    writeFileSync(join(scratch, COUNT), String(countEntries(join(scratch, "opt"))));
    writeFileSync(join(scratch, MARKER), digest);
    renameSync(scratch, home);
  } catch (error) {
    // EPERM is what a rename over another user's directory ends with.
    if (!["EEXIST", "ENOTEMPTY", "EPERM", "EACCES"].includes(error.code)) throw error;
    if (!existsSync(home)) throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The final path never holds a partial copy. */
function discard(home) {
  const scratch = `${home}.${randomUUID()}`;
  renameSync(home, scratch);
  rmSync(scratch, { recursive: true, force: true });
}

/** Replaces the place of the build in every file and link below a directory; the times stay the same. */
function replacePaths(directory, home) {
  const { atime, mtime } = lstatSync(directory);
  for (const entry of readdirSync(directory, { withFileTypes: true, encoding: "buffer" })) {
    const path = Buffer.concat([Buffer.from(`${directory}/`), entry.name]);
    if (entry.isDirectory()) replacePaths(path, home);
    else if (entry.isSymbolicLink()) replaceInLink(path, home);
    else if (entry.isFile()) replaceInFile(path, home);
  }
  utimesSync(directory, atime, mtime);
}

function replaceInLink(path, home) {
  const target = readlinkSync(path);
  if (!target.includes(BUILT_AT)) return;
  const { atime, mtime } = lstatSync(path);
  unlinkSync(path);
  symlinkSync(target.replaceAll(BUILT_AT, home), path);
  lutimesSync(path, atime, mtime);
}

/** In place, so that hard links stay hard links. */
function replaceInFile(path, home) {
  const content = readFileSync(path);
  let at = content.indexOf(BUILT_AT);
  if (at < 0) return;
  const { atime, mtime } = lstatSync(path);
  for (; at >= 0; at = content.indexOf(BUILT_AT, at)) content.write(home, at);
  writeFileSync(path, content, { flag: "r+" });
  utimesSync(path, atime, mtime);
}
