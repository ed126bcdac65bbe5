// The floor of a push: the least work that puts the packages of a store into a buildcache, in plain Node. It classifies
// nothing, checks nothing, and gives up at the first error.
//
//   node push.mjs oci://HOST/REPOSITORY STORE [PREFIX]     (PREFIX: only this package, without an index)

import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";

const AT_ONCE = 8;
const [, , location, store, only] = process.argv;
const { host, pathname } = new URL(location);
const registry = `https://${host}/v2${pathname}`;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
if (process.env.SSL_CERT_FILE) agent.options.ca = readFileSync(process.env.SSL_CERT_FILE);

const LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
const CONFIG = "application/vnd.oci.image.config.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/** A member's header, after a pax header if its name is long. */
function header(name, mode, size, type, target = "") {
  const own = block(name, mode, size, type, target);
  if (Buffer.byteLength(name) <= 100) return own;
  const rest = ` path=${name}\n`;
  const length = Buffer.byteLength(rest) + 3;
  const content = Buffer.alloc(Math.ceil(length / 512) * 512);
  content.write(`${length}${rest}`);
  return Buffer.concat([block("././@PaxHeader", 0, length, "x", ""), content, own]);
}

function block(name, mode, size, type, target) {
  const block = Buffer.alloc(512);
  block.write(name.slice(0, 100), 0, "latin1");
  block.write(`${mode.toString(8).padStart(7, "0")}\0`, 100, "latin1");
  const numbers = `0000000\x000000000\0${size.toString(8).padStart(11, "0")}\x0000000000000\0        ${type}`;
  block.write(numbers, 108, "latin1");
  block.write(target.slice(0, 100), 157, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, "0")}\0`, 148, "latin1");
  return block;
}

function archive(prefix) {
  const parts = [];
  const add = (directory) => {
    parts.push(header(`${directory.slice(1)}/`, 0o755, 0, "5"));
    for (const name of readdirSync(directory).sort()) {
      const path = join(directory, name);
      const stat = lstatSync(path);
      if (stat.isDirectory()) add(path);
      else if (stat.isSymbolicLink()) parts.push(header(path.slice(1), 0o755, 0, "2", readlinkSync(path)));
      else {
        const content = readFileSync(path);
        parts.push(header(path.slice(1), stat.mode & 0o100 ? 0o755 : 0o644, content.length, "0"), content);
        parts.push(Buffer.alloc((512 - (content.length % 512)) % 512));
      }
    }
  };
  add(prefix);
  parts.push(Buffer.alloc(1024));
  return Buffer.concat(parts);
}

function send(method, url, body, type) {
  return new Promise((resolve, reject) => {
    const headers = { "content-length": body?.length ?? 0, ...(type && { "content-type": type }) };
    const sending = request(url, { method, agent, headers }, (answer) => {
      answer.resume().once("end", () => {
        if (answer.statusCode >= 300) reject(new Error(`${method} ${url}: ${answer.statusCode}`));
        else resolve(answer.headers);
      });
    });
    sending.once("error", reject);
    sending.end(body);
  });
}

const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

async function blob(bytes, mediaType) {
  const digest = digestOf(bytes);
  const { location: session } = await send("POST", `${registry}/blobs/uploads/`);
  const url = new URL(session, registry);
  url.searchParams.set("digest", digest);
  await send("PUT", url, bytes, "application/octet-stream");
  return { mediaType, digest, size: bytes.length };
}

async function image(tag, config, layers) {
  const described = await blob(Buffer.from(JSON.stringify(config)), CONFIG);
  const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: described, layers };
  await send("PUT", `${registry}/manifests/${tag}`, Buffer.from(JSON.stringify(manifest)), MANIFEST);
}

async function pushPackage({ path, spec }) {
  const tar = archive(path);
  const layer = await blob(
    gzipSync(tar, { level: 4, memLevel: 9, chunkSize: 1 << 20, finishFlush: constants.Z_FINISH }),
    LAYER,
  );
  const rootfs = { type: "layers", diff_ids: [digestOf(tar)] };
  const document = JSON.parse(readFileSync(join(path, ".spack", "spec.json"), "utf8"));
  const config = { architecture: "amd64", os: "linux", rootfs, config: { Env: [] }, ...document };
  await image(
    `${spec.name}-${spec.version}-${spec.hash}.spack`.replaceAll(/[^\w.-]/g, "_").slice(-120),
    config,
    [layer],
  );
}

/** The root below its padding. */
function rootOf(directory) {
  if (existsSync(join(directory, ".spack-db"))) return directory;
  return rootOf(
    join(
      directory,
      readdirSync(directory).find((name) => name.startsWith("__sp")),
    ),
  );
}

const database = readFileSync(join(rootOf(store), ".spack-db", "index.json"), "utf8");
const installs = Object.values(JSON.parse(database).database.installs);
const waiting = installs.filter(
  ({ spec, path }) => spec.external === undefined && (only === undefined || path === only),
);
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await pushPackage(next);
  }),
);
if (only === undefined)
  await image("index.spack", {}, [
    await blob(Buffer.from(database), "application/vnd.spack.package.index+json"),
  ]);
agent.destroy();
