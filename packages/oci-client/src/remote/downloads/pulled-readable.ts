// A Readable over a generator that can be stopped while it waits; Readable.from cannot do that.

import { Readable } from "node:stream";

/** Reads from `chunks`; destroying the stream aborts `abort`, which ends what the generator waits for. */
export function pulledReadable(chunks: AsyncGenerator<Buffer>, abort: AbortController): Readable {
  return new Readable({
    highWaterMark: 256 * 1024,
    read() {
      chunks.next().then(
        ({ done, value }) => this.push(done ? null : value),
        (error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      abort.abort(error ?? new DOMException("The stream was closed.", "AbortError"));
      chunks.return(undefined).then(
        () => done(error),
        () => done(error),
      );
    },
  });
}
