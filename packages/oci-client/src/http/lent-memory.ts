// Connections read into the same memory again and again. To keep such bytes, code has to copy them.

const lent = new WeakSet<ArrayBufferLike>();

/** Memory for a connection to read into. */
export function memoryToLend(size: number): Buffer {
  const memory = Buffer.allocUnsafeSlow(size);
  lent.add(memory.buffer);
  return memory;
}

/** Whether these bytes will be overwritten. */
export function isLent(bytes: Uint8Array): boolean {
  return lent.has(bytes.buffer);
}

/** Bytes that nobody will overwrite. */
export function owned<T extends Uint8Array>(bytes: T): T | Buffer {
  return isLent(bytes) ? Buffer.from(bytes) : bytes;
}
