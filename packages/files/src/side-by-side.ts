// Processes items of a stream concurrently, a few at a time, without collecting them.

/** Enough to keep the thread pool busy if the file system is slow. Each may hold a buffer. */
const AT_ONCE = 8;

/**
 * Calls `work` for every item in order, with a limit on how many are in progress.
 *
 * @returns the results in the same order. After a failure no more items are started, and the error is thrown when those
 *   in progress have ended.
 *
 * @example
 * ```ts
 * import { sideBySide } from "@spack-oci/files";
 *
 * async function* numbers() {
 *   yield* [1, 2, 3];
 * }
 * for await (const square of sideBySide(numbers(), async (number) => number ** 2, 2)) console.log(square);
 * ```
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
      // The error is thrown when its turn comes.
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
