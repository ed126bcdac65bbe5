// The floor of a pull: the least work that brings the packages of a buildcache into a store, in plain Node. It has no
// plan, no locks and no database, replaces only the root of the store, checks nothing but digests, and gives up at the
// first error.
//
//   node pull.mjs oci://HOST/REPOSITORY|oci-layout:DIRECTORY ROOT

import { createHash, hash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { Agent, get } from "node:https";
import { dirname } from "node:path";
import { gunzipSync } from "node:zlib";

const AT_ONCE = 8;
const [, , location, root] = process.argv;
const source = location.startsWith("oci-layout:") ? openLayout(location.slice(11)) : openRegistry(location);

function openLayout(directory) {
  const blob = (digest) => readFileSync(`${directory}/blobs/${digest.replace(":", "/")}`);
  const { manifests } = JSON.parse(readFileSync(`${directory}/index.json`));
  const byTag = new Map(
    manifests.map(({ annotations, digest }) => [annotations["org.opencontainers.image.ref.name"], digest]),
  );
  return { tags: () => [...byTag.keys()], manifest: (tag) => blob(byTag.get(tag)), blob };
}

function openRegistry(place) {
  const { host, pathname } = new URL(place);
  const ca = process.env.SSL_CERT_FILE && readFileSync(process.env.SSL_CERT_FILE);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, ca });
  const accept = "application/vnd.oci.image.manifest.v1+json";
  const fetch = (path) =>
    new Promise((resolve, reject) => {
      get(`https://${host}/v2${pathname}${path}`, { agent, headers: { accept } }, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => resolve(Buffer.concat(chunks)));
      }).on("error", reject);
    });
  return {
    tags: async () => JSON.parse(await fetch("/tags/list")).tags,
    manifest: (tag) => fetch(`/manifests/${tag}`),
    blob: (digest) => fetch(`/blobs/${digest}`),
  };
}

async function verified({ digest }) {
  const bytes = await source.blob(digest);
  if (`sha256:${hash("sha256", bytes)}` !== digest) throw new Error(`digest of ${digest}`);
  return bytes;
}

const textOf = (block, start, length) => {
  const end = block.indexOf(0, start);
  return block.toString("utf8", start, end < 0 || end > start + length ? start + length : end);
};

/** The members of an archive: paths, types, modes and contents. */
function members(archive) {
  const found = [];
  let long = {};
  for (let at = 0; archive[at] !== 0; ) {
    const size = Number.parseInt(textOf(archive, at + 124, 12), 8);
    const type = String.fromCharCode(archive[at + 156]);
    const content = archive.subarray(at + 512, at + 512 + size);
    if (type === "x") {
      long = Object.fromEntries(
        [...content.toString().matchAll(/\d+ (\w+)=([\s\S]*?)\n(?=\d+ \w+=|$)/g)].map((match) =>
          match.slice(1),
        ),
      );
    } else {
      const start = textOf(archive, at + 345, 155);
      const name = long.path ?? (start && `${start}/`) + textOf(archive, at, 100);
      const target = long.linkpath ?? textOf(archive, at + 157, 100);
      const mode = Number.parseInt(textOf(archive, at + 100, 8), 8);
      found.push({ name, type, mode, target, content });
      long = {};
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

/** A content with the old root replaced; in binaries, slashes fill the rest. */
function relocated(content, old) {
  const isBinary = content.includes(0);
  const replacement = isBinary ? root.padStart(old.length, "/") : root;
  const parts = [];
  let kept = 0;
  for (let at = content.indexOf(old); at >= 0; at = content.indexOf(old, kept)) {
    parts.push(content.subarray(kept, at), Buffer.from(replacement));
    kept = at + old.length;
  }
  return kept === 0 ? content : Buffer.concat([...parts, content.subarray(kept)]);
}

function write(archive) {
  const all = members(archive);
  const info = all.at(-1).content.toString();
  const old = /buildpath: "?([^",]+)/.exec(info)[1];
  const start = old.length;
  const manifest = {};
  for (const { name, type, mode, target, content } of all) {
    const path = `/${name.replace(/\/$/, "")}`;
    if (!path.startsWith(old)) continue;
    const place = root + path.slice(start);
    if (type === "5") mkdirSync(place, { recursive: true });
    else if (type === "2") symlinkSync(target.replace(old, root), place);
    else if (type === "0") {
      const bytes = relocated(content, old);
      manifest[place] = createHash("sha1").update(bytes).digest("base64");
      const file = openSync(place, "w", mode);
      writeSync(file, bytes);
      closeSync(file);
    }
  }
  const [{ name }] = all.filter(({ name }) => name.endsWith(".spack/binary_distribution"));
  writeFileSync(`${root}${`/${dirname(name)}`.slice(start)}/install_manifest.json`, JSON.stringify(manifest));
}

const tags = [...(await source.tags())].filter((tag) => tag.endsWith(".spack") && tag !== "index.spack");
const pull = async () => {
  for (let tag = tags.pop(); tag !== undefined; tag = tags.pop()) {
    const { config, layers } = JSON.parse(await source.manifest(tag));
    const [, layer] = await Promise.all([verified(config), verified(layers.at(-1))]);
    write(gunzipSync(layer));
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, pull));
