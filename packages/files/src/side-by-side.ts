// Works on several files at once, however many there are, without holding a list of them.

/** Enough to keep the thread pool busy where the file system is slow; each may hold a buffer. */
const AT_ONCE = 8;

/**
 * Calls `work` for every item, in their order, and for a few at a time.
 *
 * @returns what `work` says of them, in their order too. After a failure no other is begun, and the error is thrown when
 *   those that were begun have ended.
 */
export async function* sideBySide<T, R>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<R>,
  atOnce: number = AT_ONCE,
): AsyncGenerator<R, void, undefined> {
  const running: Promise<R>[] = [];
  let hasFailed = false;
  try {
    for await (const item of items) {
      if (hasFailed) break;
      const result = work(item);
      // It is thrown when its turn comes.
      result.catch(() => {
        hasFailed = true;
      });
      if (running.push(result) === atOnce) yield (await running.shift()) as R;
    }
    for (let next = running.shift(); next !== undefined; next = running.shift()) yield await next;
  } finally {
    await Promise.allSettled(running);
  }
}
