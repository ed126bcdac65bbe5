// What @spack-oci/spack-config offers to other packages.

export type { MirrorConnection, MirrorDirection } from "./derived/mirror-connection.js";
export { type MirrorEntry, requireCredentials } from "./derived/mirrors.js";
export type { ModuleSetConfiguration } from "./derived/module-sets.js";
export { DEFAULT_PREFIX_INSPECTIONS } from "./derived/prefix-inspections.js";
export type { SpackEnvironment } from "./environment/environment.js";
export { openLockfile } from "./environment/lockfile.js";
export { readSpecFile } from "./environment/spec-file.js";
export { type OpenSpackOptions, openSpackInstance } from "./instance/open-spack-instance.js";
export { runSpackPython } from "./instance/run-spack-python.js";
export type { SpackInstance } from "./instance/spack-instance.js";
export { formatPlace } from "./yaml/blame.js";
