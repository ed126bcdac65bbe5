// What the spack-oci package offers to programs that embed the command line.
export { main } from "./main.js";
