// Measures how much memory a whole run of the command needs, in a process of its own.
import { nativePackages } from "./bundle.js";
import { type ProcessEnd, startCommand } from "./command-process.js";

/** Says when a process ends how much memory it ever had, in kilobytes (getrusage(2), ru_maxrss). */
const REPORT = `process.on("exit", () => {
  process.stderr.write("\\nmost memory " + process.resourceUsage().maxRSS + "\\n");
})`;

/** How a process ended, and the most memory that it had, in bytes. */
export interface MeasuredEnd extends ProcessEnd {
  readonly peak: number;
}

/**
 * Runs the command to its end.
 *
 * @param program as {@link buildBundle} made it
 */
export async function peakOfCommand(program: string, ...args: readonly string[]): Promise<MeasuredEnd> {
  const preload = `--import=data:text/javascript,${encodeURIComponent(REPORT)}`;
  const environment = { NODE_OPTIONS: preload, NODE_PATH: nativePackages, SPACK_OCI_CACHE: "off" };
  const end = await startCommand(args, environment, program).ended;
  const reports = [...end.stderr.matchAll(/^most memory (\d+)$/gm)];
  if (reports.length === 0) throw new Error(`no word of memory: ${end.stderr}`);
  return { ...end, peak: 1024 * Math.max(...reports.map(([, kilobytes]) => Number(kilobytes))) };
}
