// Measures the peak memory of a whole run of the command, in a separate process.

import { nativePackages } from "./bundle.js";
import { type ProcessEnd, startCommand } from "./command-process.js";

/**
 * Reports the peak memory of a process when it exits, in kilobytes. On Linux, getrusage(2) includes the memory of the
 * process that started it; `VmHWM` does not (proc(5)).
 */
const REPORT = `import { readFileSync } from "node:fs";
process.on("exit", () => {
  const status = process.platform === "linux" ? readFileSync("/proc/self/status", "utf8") : "";
  const peak = /^VmHWM:\\s*(\\d+)/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  process.stderr.write("\\npeak memory " + peak + "\\n");
})`;

/** How a process ended, and its peak memory in bytes. */
export interface MeasuredEnd extends ProcessEnd {
  readonly peak: number;
}

/**
 * Runs the command to its end.
 *
 * @param program made by {@link buildBundle}
 * @param more environment variables besides the usual ones
 */
export async function peakOfCommand(
  program: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<MeasuredEnd> {
  const preload = `--import=data:text/javascript,${encodeURIComponent(REPORT)}`;
  const environment = { NODE_OPTIONS: preload, NODE_PATH: nativePackages, SPACK_OCI_CACHE: "off", ...more };
  const end = await startCommand(args, environment, program).ended;
  const reports = [...end.stderr.matchAll(/^peak memory (\d+)$/gm)];
  if (reports.length === 0) throw new Error(`the process did not report its memory: ${end.stderr}`);
  return { ...end, peak: 1024 * Math.max(...reports.map(([, kilobytes]) => Number(kilobytes))) };
}
