// undici fails an assertion, and with it the process, if a connection ends while an answer of unknown length is paused.
// Its end is reported once the answer continues, and a reset as an error that undici does not take for the end.

import type { Socket } from "node:net";

/** Reports the end of a connection only after its reader has found nothing more to read, and a reset then as `EPIPE`. */
export function delayEnd(socket: Socket): void {
  const read = socket.read.bind(socket);
  const push = socket.push.bind(socket);
  const destroy = socket.destroy.bind(socket);
  let mayHavePaused = false;
  let hasEnded = false;
  socket.read = (size?: number) => {
    const bytes = read(size);
    // With a size, it is Node that reads. undici reads on until there is nothing left, unless it is paused.
    if (size === undefined) mayHavePaused = bytes !== null;
    if (hasEnded && !mayHavePaused) {
      hasEnded = false;
      process.nextTick(push, null);
    }
    return bytes;
  };
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk !== null || !mayHavePaused) return push(chunk, encoding);
    hasEnded = true;
    return false;
  };
  socket.destroy = (error?: NodeJS.ErrnoException) => {
    if (mayHavePaused && error?.code === "ECONNRESET") error.code = "EPIPE";
    return destroy(error);
  };
}
