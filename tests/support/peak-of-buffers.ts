// Measures how much memory a task needs for the bytes it moves.

/** The peak memory of buffers while a task runs, in bytes above the level before it. */
export async function peakOfBuffers(task: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage().arrayBuffers;
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
  }, 5);
  await task();
  clearInterval(timer);
  return peak;
}
