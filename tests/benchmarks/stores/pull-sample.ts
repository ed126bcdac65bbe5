// What generated stores begin with: packages that a real Spack built.
import { openStore } from "@spack-oci/spack-store";
import { shortRoot } from "../../interop/support/short-root.js";
import { spackOci } from "../../support/command-line.js";
import { fixture } from "../../support/fixtures.js";

/**
 * The length that a generated store's root is padded to: some strings can only be shrunk, so it is shorter than where the
 * sample was built, and longer than any root that its packages are pulled to.
 */
export const PADDING = 100;

/** A store as the user names it, and as its packages know it. */
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
  if (status !== 0) throw new Error(`the sample cannot be pulled: ${stderr}`);
  return { root, paddedRoot: (await openStore(root)).root };
}
