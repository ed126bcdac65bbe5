// Receives data from the scripts that carry it (src/data/data-script.ts).

import type { CatalogColumns } from "../../data/columns.js";
import { RECEIVER } from "../../data/data-script.js";
import { detailsFile, PACKAGES_PER_CHUNK, type PackageDetails } from "../../data/details.js";

/** Calls back once the columns have arrived. */
export function receiveColumns(onColumns: (columns: CatalogColumns) => void): void {
  Object.assign(globalThis, {
    [RECEIVER]: {
      columns: (json: string) => onColumns(JSON.parse(json)),
      details: (json: string) => receiveDetails(JSON.parse(json)),
    },
  });
}

let arrived: readonly PackageDetails[] = [];

function receiveDetails(details: readonly PackageDetails[]): void {
  arrived = details;
}

const chunks = new Map<number, Promise<readonly PackageDetails[]>>();

/**
 * Loads what the columns do not have of a package.
 *
 * @param version changes with the catalog, so that no details of an older one are taken from a cache
 */
export async function loadDetails(row: number, version: string): Promise<PackageDetails | undefined> {
  const chunk = Math.floor(row / PACKAGES_PER_CHUNK);
  const loading = chunks.get(chunk) ?? loadChunk(`${detailsFile(chunk)}?${encodeURIComponent(version)}`);
  chunks.set(chunk, loading);
  try {
    return (await loading)[row % PACKAGES_PER_CHUNK];
  } catch (error) {
    // Otherwise it would never be tried again.
    chunks.delete(chunk);
    throw error;
  }
}

/** A script runs before its own load event, so `arrived` is what it brought, however many are being loaded. */
function loadChunk(address: string): Promise<readonly PackageDetails[]> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = trusted(address) as string;
    script.onload = () => resolve(arrived);
    script.onerror = () => reject(new Error(`${address} could not be loaded.`));
    document.head.append(script);
  });
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): unknown };
}

const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy("spack-oci-site", {
  createScriptURL(address) {
    if (/^data\/details-\d+\.js\?[^#]*$/.test(address)) return address;
    throw new TypeError("The site loads only its own details.");
  },
});

/** Browsers with trusted types load a script only from an address that went through the policy. */
function trusted(address: string): unknown {
  return policy?.createScriptURL(address) ?? address;
}
