// Connections that read into one piece of memory, again and again. By default, Node reads at most 64 KiB at once, and
// into new memory each time, which takes longer than anything else that is done with the bytes.

import { maxHeaderSize } from "node:http";
import type { OnReadOpts, Socket } from "node:net";
import type { buildConnector } from "undici";
import { memoryToLend } from "../http/lent-memory.js";

/** How many bytes are read at once. */
const READ_SIZE = 256 * 1024;

/**
 * Connects to hosts without TLS, which decrypts into memory of its own.
 *
 * @param connectorWith makes a connector for one connection
 */
export function lendingConnector(
  connectorWith: (onread: OnReadOpts) => buildConnector.connector,
): buildConnector.connector {
  return (options, callback) => {
    const reads = new Reads();
    const onread = { buffer: reads.memory, callback: (size: number) => reads.take(size) };
    connectorWith(onread)(options, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      if (error !== null) return callback(error, null);
      reads.serve(socket);
      callback(null, socket);
    });
  };
}

/** The bytes that a connection has read last. Nothing more is read until they are done with. */
class Reads {
  readonly memory = memoryToLend(READ_SIZE);
  /** What nobody has read yet. */
  #rest: Buffer | undefined;
  #isInUse = false;
  #socket: Socket | undefined;

  /** Replaces the methods by which undici reads. */
  serve(socket: Socket): void {
    this.#socket = socket;
    const readOn = socket.read.bind(socket, 0);
    socket.read = (size) => {
      // Node's streams ask for nothing in order to be filled; only a reader that wants bytes is done with those it had.
      if (size === 0 && (this.#isInUse || this.#rest !== undefined)) return null;
      const chunk = size === 0 ? undefined : this.#next();
      if (chunk === undefined) readOn();
      return chunk ?? null;
    };
    socket.unshift = (chunk: Buffer) => {
      if (chunk.byteLength > 0) this.#rest = chunk;
    };
  }

  /** Takes what was read into the memory. Returns whether to read on. */
  take(size: number): boolean {
    this.#rest = this.memory.subarray(0, size);
    this.#socket?.emit("readable");
    return this.#rest === undefined && !this.#isInUse;
  }

  #next(): Buffer | undefined {
    const chunk = this.#rest;
    this.#rest = undefined;
    this.#isInUse = chunk !== undefined;
    // Parts of a head are kept until all of it is there.
    return chunk !== undefined && chunk.byteLength <= maxHeaderSize ? Buffer.from(chunk) : chunk;
  }
}
