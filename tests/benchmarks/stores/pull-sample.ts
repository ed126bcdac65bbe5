// The start of every generated store: packages built by a real Spack.

import { openStore } from "@spack-oci/spack-store";
import { shortRoot } from "../../interop/support/short-root.js";
import { spackOci } from "../../support/command-line.js";
import { fixture } from "../../support/fixtures.js";

/**
 * The padded length of a generated store's root. Some strings can only shrink, so it is shorter than the sample's own
 * root, and longer than any root that its packages are pulled into.
 */
export const PADDING = 100;

/** A store's root, without and with padding. */
export interface PaddedStore {
  readonly root: string;
  readonly paddedRoot: string;
}

/** Pulls packages of the sample store, or all of them, into a new store. */
export async function pullSample(...specs: readonly string[]): Promise<PaddedStore> {
  const layout = `oci-layout:${fixture("oci-layout-main")}`;
  const root = shortRoot();
  const options = ["--root", root, "--padded-length", String(PADDING)];
  const { status, stderr } = await spackOci(["pull", layout, ...specs, ...options]);
  if (status !== 0) throw new Error(`pulling the sample failed: ${stderr}`);
  return { root, paddedRoot: (await openStore(root)).root };
}
