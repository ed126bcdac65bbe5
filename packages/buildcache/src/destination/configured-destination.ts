// Describes the store of a Spack instance by its configuration.

import type { SpackInstance } from "@spack-oci/spack-config";
import { projectPath } from "@spack-oci/spack-spec";
import {
  groupId,
  type InstallDatabase,
  type PackagePermissions,
  storeOfInstallTree,
} from "@spack-oci/spack-store";
import type { Destination, LockSettings } from "./destination.js";

/** @param upstreams databases of stores whose packages are used in place */
export function configuredDestination(
  instance: SpackInstance,
  upstreams: readonly InstallDatabase[],
): Destination {
  const tree = instance.installTree;
  const store = storeOfInstallTree(tree);
  const hashLength = numberAt(instance, "config:install_hash_length");
  return {
    store,
    prefixOf: (graph, node) => {
      const path = projectPath(graph, node, { projections: tree.projections, hashLength });
      return `${store.root}/${path}`;
    },
    permissionsOf: permissionsBy(instance),
    upstreams,
    ...lockSettings(instance),
  };
}

/** How an instance locks stores, its own and others. */
export function lockSettings(instance: SpackInstance): LockSettings {
  const locks = instance.configuration.get("config:locks");
  const databaseTimeout = numberAt(instance, "config:db_lock_timeout");
  const packageTimeout = numberAt(instance, "config:package_lock_timeout");
  return {
    locks: !(locks?.kind === "scalar" && locks.value === false),
    ...(databaseTimeout === undefined ? {} : { databaseTimeout }),
    ...(packageTimeout === undefined ? {} : { packageTimeout }),
  };
}

/** Looking up a group starts a process, so each result is cached. */
function permissionsBy(instance: SpackInstance): (name: string) => Promise<PackagePermissions> {
  const groups = new Map<string, Promise<number>>();
  return async (name) => {
    const { fileMode, directoryMode, groupName } = instance.permissions(name);
    if (groupName === "") return { fileMode, directoryMode };
    let group = groups.get(groupName);
    if (group === undefined) {
      group = groupId(groupName);
      groups.set(groupName, group);
    }
    return { fileMode, directoryMode, group: await group };
  };
}

function numberAt(instance: SpackInstance, path: string): number | undefined {
  const value = instance.configuration.get(path);
  return value?.kind === "scalar" && typeof value.value === "number" ? value.value : undefined;
}
