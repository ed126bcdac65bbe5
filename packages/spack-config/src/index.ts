// What @spack-oci/spack-config offers to other packages.

export type { Configuration } from "./configuration.js";
export type { InstallTree } from "./derived/install-tree.js";
export type { MirrorConnection, MirrorDirection } from "./derived/mirror-connection.js";
export { type Mirror, requireCredentials } from "./derived/mirrors.js";
export type { ConfiguredPermissions } from "./derived/permissions.js";
export { defaultPrefixInspections } from "./derived/prefix-inspections.js";
export type { SpackEnvironment } from "./environment/environment.js";
export { lockfileToJson } from "./environment/format-lockfile.js";
export { type LockedRoot, type Lockfile, openLockfile } from "./environment/lockfile.js";
export { readSpecFile } from "./environment/spec-file.js";
export { type OpenSpackOptions, openSpackInstance } from "./instance/open-spack-instance.js";
export { runSpackPython, type SpackPythonRequest } from "./instance/run-spack-python.js";
export type { SpackInstance } from "./instance/spack-instance.js";
export { type BlamedLine, formatPlace } from "./yaml/blame.js";
