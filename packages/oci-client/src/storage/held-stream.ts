// A stream whose bytes are all in memory, for readers that can do without a stream.

import { Readable } from "node:stream";

/** Read either the stream or its bytes. */
export class HeldStream extends Readable {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    super();
    this.bytes = bytes;
  }

  override _read(): void {
    if (this.bytes.byteLength > 0) this.push(this.bytes);
    this.push(null);
  }
}
