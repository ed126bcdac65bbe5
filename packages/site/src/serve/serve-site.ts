// Serves a site to browsers on this machine.

import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { SpackOciError } from "@spack-oci/errors";

/** Only programs on this machine reach it. */
const LOOPBACK = "127.0.0.1";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".xml": "application/atom+xml",
};

export interface ServedSite {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the files of a directory until it is closed.
 *
 * @param port 0 for any free one
 * @throws SpackOciError `ERR_SITE_PORT` if the port is in use or may not be used; errors of the file system
 */
export async function serveSite(directory: string, port = 0): Promise<ServedSite> {
  const root = await realpath(directory);
  const server = createServer((request, response) => {
    answer(root, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(portError(port, error)));
    server.listen(port, LOOPBACK, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${actual}/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function portError(port: number, cause: NodeJS.ErrnoException): SpackOciError {
  const place = `${LOOPBACK}:${port}`;
  const reason = cause.code === "EADDRINUSE" ? "another program uses this port" : cause.message;
  return new SpackOciError("ERR_SITE_PORT", `Cannot serve the site at ${place}: ${reason}.`, {
    kind: "failed",
    place,
    hint: "The site itself is complete. Choose another port (--port), or 0 for any free one.",
    cause,
  });
}

async function answer(
  root: string,
  { method, url = "/", headers }: IncomingMessage,
  response: ServerResponse,
) {
  // Another site cannot read this one by having its own name resolve to this machine.
  const isLocal = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? "");
  if (!isLocal || (method !== "GET" && method !== "HEAD")) return void response.writeHead(403).end();
  const file = await fileOf(root, url);
  if (file === undefined)
    return void response.writeHead(404, { "content-type": "text/plain" }).end("Not found.\n");
  response.writeHead(200, {
    "content-type": MEDIA_TYPES[extname(file)] ?? "application/octet-stream",
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
  });
  if (method === "HEAD") return void response.end();
  await pipeline(createReadStream(file), response);
}

/** The file that an address names, if it is below the root even after links were followed. */
async function fileOf(root: string, url: string): Promise<string | undefined> {
  try {
    const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
    const file = await realpath(join(root, path.endsWith("/") ? `${path}index.html` : path));
    return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}
