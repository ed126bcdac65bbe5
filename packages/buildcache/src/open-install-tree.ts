// Opens a store to push from.

import { openStore, type Store } from "@spack-oci/spack-store";

/**
 * @param directory what holds `.spack-db`, or the unpadded root above it
 * @throws SpackOciError as `openStore` does
 */
export function openInstallTree(directory: string): Promise<Store> {
  return openStore(directory);
}
