// Frees large buffers as soon as nobody needs them. The collector does so late: it looks when the heap has grown, and
// a buffer takes only a few bytes of the heap.

import type { MessagePort } from "node:worker_threads";

/** What is sent to a closed port is dropped at once. */
let closed: MessagePort | undefined;

/**
 * Frees the memory of a buffer that belongs to the caller, who uses neither it nor any other view of that memory again:
 * all of them are empty afterwards. Buffers that are short enough to be in Node's pool are left to the collector.
 */
export function freeMemory({ buffer, length }: Buffer): void {
  if (length < Buffer.poolSize || !(buffer instanceof ArrayBuffer)) return;
  closed ??= closedPort();
  closed.postMessage(undefined, [buffer]);
}

function closedPort(): MessagePort {
  const { port1 } = new MessageChannel();
  port1.close();
  return port1 as unknown as MessagePort;
}
