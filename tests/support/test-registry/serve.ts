// Sends an answer over a socket, whole or changed by a fault.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./answer.js";
import type { Fault } from "./faults.js";

/** Reads a request's body; undefined if a fault cut or stalled it. */
export async function readRequest(
  request: IncomingMessage,
  fault: Fault | undefined,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  const limit = fault?.cutRequestAfter ?? fault?.stallRequestAfter;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    size += chunk.length;
    if (limit === undefined || size < limit) continue;
    if (fault?.stallRequestAfter !== undefined) request.pause();
    else request.socket.resetAndDestroy();
    return undefined;
  }
  return Buffer.concat(chunks);
}

/** Sends an answer. */
export function send(
  response: ServerResponse,
  method: string,
  answer: Answer,
  fault: Fault | undefined,
): void {
  const body = answer.body ?? Buffer.alloc(0);
  const hasBody = method !== "HEAD" && answer.status !== 204;
  const withLength = fault?.truncateTo === undefined && answer.status !== 204;
  response.writeHead(answer.status, {
    ...(withLength ? { "content-length": String(body.length) } : {}),
    ...answer.headers,
  });
  const limit = fault?.cutAfter ?? fault?.stallAfter;
  if (limit !== undefined && hasBody) {
    response.write(body.subarray(0, limit), () => {
      if (fault?.cutAfter !== undefined) response.socket?.destroy();
    });
    if (limit === 0) response.flushHeaders();
  } else {
    response.end(hasBody ? body.subarray(0, fault?.truncateTo ?? body.length) : undefined);
  }
}
