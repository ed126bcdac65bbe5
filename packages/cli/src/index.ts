// What the spack-oci package offers to programs that embed the command line.

export type { Console } from "./console.js";
export { main } from "./main.js";
export { processConsole } from "./process-console.js";
