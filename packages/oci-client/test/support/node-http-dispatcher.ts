// Sends undici's requests through node:http, where nock can intercept them; on Node 20 it cannot intercept undici.

import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Readable } from "node:stream";
import { Dispatcher, util } from "undici";

/** A dispatcher without pools and limits, for scripted replies. */
export class NodeHttpDispatcher extends Dispatcher {
  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { method, headers, body } = options;
    const url = new URL(options.path, String(options.origin));
    const outgoing = request(url, { method, headers: headers as Record<string, string> });
    const controller = new Controller(outgoing);
    outgoing.on("response", (incoming) => answer(incoming, handler, controller));
    outgoing.on("error", (error) => handler.onResponseError?.(controller, error));
    handler.onRequestStart?.(controller, {});
    if (body === null || body === undefined) outgoing.end();
    else (body as Readable).pipe(outgoing);
    return true;
  }

  override async close(): Promise<void> {}

  override async destroy(): Promise<void> {}
}

/** What a handler does to a request. */
class Controller implements Dispatcher.DispatchController {
  paused = false;
  aborted = false;
  reason: Error | null = null;
  incoming: IncomingMessage | undefined;
  readonly #outgoing: ClientRequest;

  constructor(outgoing: ClientRequest) {
    this.#outgoing = outgoing;
  }

  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
    this.#outgoing.destroy(reason);
  }

  pause(): void {
    this.paused = true;
    this.incoming?.pause();
  }

  resume(): void {
    this.paused = false;
    this.incoming?.resume();
  }
}

function answer(
  incoming: IncomingMessage,
  handler: Dispatcher.DispatchHandler,
  controller: Controller,
): void {
  controller.incoming = incoming;
  const headers = util.parseHeaders(incoming.rawHeaders);
  handler.onResponseStart?.(controller, incoming.statusCode ?? 0, headers, incoming.statusMessage);
  incoming.on("data", (chunk: Buffer) => handler.onResponseData?.(controller, chunk));
  incoming.on("end", () => handler.onResponseEnd?.(controller, {}));
  incoming.on("error", (error) => handler.onResponseError?.(controller, error));
}
