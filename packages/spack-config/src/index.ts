// What @spack-oci/spack-config offers to other packages.

export type { MirrorConnection, MirrorDirection } from "./derived/mirror-connection.js";
export { type MirrorEntry, requireCredentials } from "./derived/mirrors.js";
export { withoutSecrets } from "./derived/misplaced-secrets.js";
export type { ModuleSetConfiguration } from "./derived/module-sets.js";
export { DEFAULT_PREFIX_INSPECTIONS } from "./derived/prefix-inspections.js";
export type { ConfiguredView } from "./derived/views.js";
export { addMirror, type MirrorEdit, removeMirror, setMirror } from "./edit/edit-mirrors.js";
export type { MirrorData } from "./edit/mirror-data.js";
export type { SpackEnvironment } from "./environment/environment.js";
export type { LockedEnvironment } from "./environment/locked-environments.js";
export { openLockfile } from "./environment/lockfile.js";
export { readSpecFile } from "./environment/spec-file.js";
export { detectHost, type HostArchitecture } from "./host/host.js";
export {
  type OpenSpackOptions,
  openSpackInstance,
  openUserConfiguration,
} from "./instance/open-spack-instance.js";
export { runSpack } from "./instance/run-spack.js";
export { runSpackPython } from "./instance/run-spack-python.js";
export type { SpackInstance } from "./instance/spack-instance.js";
export type { UserConfiguration } from "./instance/user-configuration.js";
export { formatPlace } from "./yaml/blame.js";
