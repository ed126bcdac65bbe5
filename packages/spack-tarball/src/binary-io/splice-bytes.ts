// Replaces pieces of bytes in memory by longer or shorter ones.

/** Replaces `length` bytes at `position` by `bytes`. */
export interface Splice {
  readonly position: number;
  readonly length: number;
  readonly bytes: Buffer;
}

/** @param splices in ascending order and without overlap */
export function spliced(bytes: Buffer, splices: readonly Splice[]): Buffer {
  const parts: Buffer[] = [];
  let kept = 0;
  for (const splice of splices) {
    parts.push(bytes.subarray(kept, splice.position), splice.bytes);
    kept = splice.position + splice.length;
  }
  return Buffer.concat([...parts, bytes.subarray(kept)]);
}
