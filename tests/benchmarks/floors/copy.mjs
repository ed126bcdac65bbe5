// The floor of a copy: the least work that brings an image from one registry to another, in plain Node. Bytes go from
// socket to socket through one buffer per layer, and are hashed on the way. It speaks just enough HTTP for two local
// registries without encryption, and gives up at the first error.
//
//   node copy.mjs HOST:PORT/REPOSITORY:TAG HOST:PORT/REPOSITORY:TAG [BUFFER]

import { createHash } from "node:crypto";
import { connect } from "node:net";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const [from, to] = process.argv.slice(2, 4).map((place) => {
  const [, host, port, repository, tag] = /^([^:]+):(\d+)\/(.+):(.+)$/.exec(place);
  return { host, port: Number(port), path: `/v2/${repository}`, tag };
});
const size = Number(process.argv[4] ?? 512 * 1024);

/** One request on a connection of its own; `onBody` gets the bytes behind the head, and returns false to pause. */
function open({ host, port }, head, onBody) {
  const socket = { headers: undefined, status: 0 };
  let pending = Buffer.alloc(0);
  socket.answered = new Promise((resolve, reject) => {
    socket.net = connect({
      host,
      port,
      onread: {
        buffer: Buffer.allocUnsafeSlow(size),
        callback: (count, buffer) => {
          let bytes = buffer.subarray(0, count);
          if (socket.headers === undefined) {
            pending = Buffer.concat([pending, bytes]);
            const end = pending.indexOf("\r\n\r\n");
            if (end < 0) return true;
            const [first, ...lines] = pending.toString("latin1", 0, end).split("\r\n");
            socket.status = Number(first.split(" ")[1]);
            socket.headers = new Map(
              lines.map((line) => [line.split(":", 1)[0].toLowerCase(), line.replace(/^[^:]*: */, "")]),
            );
            bytes = pending.subarray(end + 4);
            resolve(socket);
            if (bytes.length === 0) return true;
          }
          return onBody?.(bytes) ?? true;
        },
      },
    });
    socket.net.on("error", reject);
    socket.net.write(`${head}\r\nHost: ${host}:${port}\r\n`);
  });
  return socket;
}

async function get(registry, path, accept) {
  const chunks = [];
  const socket = open(
    registry,
    `GET ${registry.path}${path} HTTP/1.1`,
    (bytes) => chunks.push(Buffer.from(bytes)) > 0,
  );
  socket.net.write(`Accept: ${accept}\r\nConnection: close\r\n\r\n`);
  await socket.answered;
  await new Promise((resolve) => socket.net.on("end", resolve).resume());
  return Buffer.concat(chunks);
}

async function beginUpload(registry) {
  const socket = open(registry, `POST ${registry.path}/blobs/uploads/ HTTP/1.1`);
  socket.net.write("Content-Length: 0\r\nConnection: close\r\n\r\n");
  const { headers } = await socket.answered;
  socket.net.destroy();
  const { pathname, search } = new URL(headers.get("location"), `http://${registry.host}`);
  return `${pathname}${search}`;
}

async function put(registry, path, { type, length }) {
  const socket = open(registry, `PUT ${path} HTTP/1.1`);
  socket.net.write(`Content-Type: ${type}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`);
  return socket;
}

async function finish(socket) {
  const { status } = await socket.answered;
  if (status !== 201) throw new Error(`the upload was answered with ${status}`);
  socket.net.destroy();
}

async function copyBlob({ digest, size: length }) {
  const place = await beginUpload(to);
  const path = `${place}${place.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`;
  const upload = await put(to, path, { type: "application/octet-stream", length });
  const hash = createHash("sha256");
  let left = length;
  await new Promise((resolve, reject) => {
    const source = open(from, `GET ${from.path}/blobs/${digest} HTTP/1.1`, (bytes) => {
      hash.update(bytes);
      left -= bytes.length;
      // The buffer is read into again once it was sent.
      upload.net.write(bytes, () => (left === 0 ? resolve() : source.net.resume()));
      return false;
    });
    source.net.write("Connection: close\r\n\r\n");
    source.net.on("error", reject);
    upload.net.on("error", reject);
  });
  if (`sha256:${hash.digest("hex")}` !== digest) throw new Error(`digest of ${digest}`);
  await finish(upload);
}

const manifest = await get(from, `/manifests/${from.tag}`, MANIFEST);
const { config, layers } = JSON.parse(manifest);
const blobs = [config, ...layers];
const worker = async () => {
  for (let blob = blobs.pop(); blob !== undefined; blob = blobs.pop()) await copyBlob(blob);
};
await Promise.all(Array.from({ length: 5 }, worker));
const written = await put(to, `${to.path}/manifests/${to.tag}`, { type: MANIFEST, length: manifest.length });
written.net.write(manifest);
await finish(written);
process.exit(0);
