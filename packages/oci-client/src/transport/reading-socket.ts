// Connections that read into memory of ours instead of new memory each time, which a copy spends most of its time on.

import type { OnReadOpts, Socket } from "node:net";
import type { buildConnector } from "undici";
import { delayEnd } from "./delayed-end.js";
import { readMemory } from "./read-memory.js";

/** Heads, short answers and the ends of long ones are copied, so that they do not keep whole pieces of memory. */
const MAX_COPY = 32 * 1024;

/** @param connectorWith makes a connector for one connection */
export function readingConnector(
  connectorWith: (onread: OnReadOpts) => buildConnector.connector,
): buildConnector.connector {
  return (options, callback) => {
    let memory = readMemory.first();
    let socket: Socket | undefined;
    const onread: OnReadOpts = {
      buffer: () => memory,
      // Node calls this with what it has read, and then asks for the next buffer.
      callback: (count, filled) => {
        const bytes = filled as Buffer;
        if (count <= MAX_COPY) return socket?.push(Buffer.from(bytes.subarray(0, count))) ?? false;
        memory = readMemory.next();
        return socket?.push(readMemory.lend(bytes, count)) ?? false;
      },
    };
    connectorWith(onread)(options, (...[error, connected]: Parameters<buildConnector.Callback>) => {
      if (error !== null) return callback(error, null);
      socket = connected;
      delayEnd(connected);
      callback(null, connected);
    });
  };
}
