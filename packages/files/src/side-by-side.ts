// Works on several files at once, however many there are, without holding a list of them.

/** Enough to keep the thread pool busy where the file system is slow; each may hold a buffer. */
const AT_ONCE = 8;

/**
 * Calls `work` for every item, in their order, and for a few at a time. After a failure no other is begun, and the error is
 * thrown when those that were begun have ended.
 */
export async function sideBySide<T>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<void>,
  atOnce: number = AT_ONCE,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  const failures: unknown[] = [];
  const worker = async () => {
    try {
      while (failures.length === 0) {
        const next = await iterator.next();
        if (next.done === true) return;
        await work(next.value);
      }
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await iterator.return?.();
  if (failures.length > 0) throw failures[0];
}
