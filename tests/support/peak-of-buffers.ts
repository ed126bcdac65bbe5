// Measures how much memory a task needs for the bytes that it moves.

/** The most memory that buffers took while a task ran, beyond what they took before, in bytes. */
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
