// Sends undici's requests through node:http, where nock can intercept them; on Node 20 it cannot intercept undici.

import { type IncomingMessage, request } from "node:http";
import type { Readable } from "node:stream";
import { Dispatcher } from "undici";

/** The methods of the handler that undici 7 passes to foreign dispatchers. */
interface LegacyHandler {
  onConnect(abort: (reason?: Error) => void): void;
  onHeaders(status: number, headers: Buffer[], resume: () => void, text: string): boolean;
  onData(chunk: Buffer): boolean;
  onComplete(trailers: string[]): void;
  onError(error: Error): void;
}

/** A dispatcher without pools and limits, for scripted replies. */
export class NodeHttpDispatcher extends Dispatcher {
  override dispatch(options: Dispatcher.DispatchOptions, given: Dispatcher.DispatchHandler): boolean {
    const handler = given as unknown as LegacyHandler;
    const { method, headers, body } = options;
    const url = new URL(options.path, String(options.origin));
    const outgoing = request(url, { method, headers: headers as Record<string, string> });
    outgoing.on("response", (incoming) => answer(incoming, handler));
    outgoing.on("error", (error) => handler.onError(error));
    handler.onConnect((reason) => outgoing.destroy(reason));
    if (body === null || body === undefined) outgoing.end();
    else (body as Readable).pipe(outgoing);
    return true;
  }

  override async close(): Promise<void> {}

  override async destroy(): Promise<void> {}
}

function answer(incoming: IncomingMessage, handler: LegacyHandler): void {
  const headers = incoming.rawHeaders.map((text) => Buffer.from(text, "latin1"));
  handler.onHeaders(incoming.statusCode ?? 0, headers, () => incoming.resume(), incoming.statusMessage ?? "");
  incoming.on("data", (chunk: Buffer) => {
    if (!handler.onData(chunk)) incoming.pause();
  });
  incoming.on("end", () => handler.onComplete([]));
  incoming.on("error", (error) => handler.onError(error));
}
