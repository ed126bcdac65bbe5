// A web server that serves a directory and can cut an answer short.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** A running server. */
export interface FileServer {
  readonly url: string;
  /** The requested paths. */
  readonly requests: readonly string[];
  /** Cuts the next answer for a matching path after this many bytes. */
  cut(path: RegExp, after: number): void;
  close(): Promise<void>;
}

export async function serveFiles(directory: string): Promise<FileServer> {
  const requests: string[] = [];
  const cuts: { path: RegExp; after: number }[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/");
    requests.push(path);
    let bytes: Buffer;
    try {
      bytes = readFileSync(join(directory, path));
    } catch {
      response.writeHead(404).end("no such file");
      return;
    }
    response.writeHead(200, { "content-length": bytes.length });
    const at = cuts.findIndex((cut) => cut.path.test(path));
    const [cut] = at < 0 ? [] : cuts.splice(at, 1);
    if (cut === undefined) response.end(bytes);
    else response.write(bytes.subarray(0, cut.after), () => response.socket?.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    cut: (path, after) => void cuts.push({ path, after }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
