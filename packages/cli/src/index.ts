// The public surface of spack-oci, for programs that embed the command line.

export { main } from "./main.js";
export type { Console } from "./process/console.js";
export { processConsole } from "./process/process-console.js";
export { runProcess } from "./run-process.js";
