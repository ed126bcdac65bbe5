// An image in memory, keys in files, and what attacks change.

import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  attachReferrer,
  type Descriptor,
  digestOf,
  MEDIA_TYPES,
  MemoryTarget,
  pushBytes,
  type Target,
} from "@spack-oci/oci-client";
import { afterAll } from "vitest";
import { keySigner } from "../../src/bundle/key-signer.js";
import { BUNDLE_TYPE } from "../../src/bundle/media-types.js";
import type { KeySigner } from "../../src/bundle/signer.js";
import { parsePublicKey, type VerificationKey } from "../../src/keys/public-key.js";
import type { TrustedSigners } from "../../src/verification/trusted-signers.js";
import { verifyImage } from "../../src/verification/verify-image.js";

let directory: string | undefined;

// Test files can share this module; each of them gets a directory when it asks for a path.
afterAll(() => {
  if (directory !== undefined) rmSync(directory, { recursive: true });
  directory = undefined;
});

/** A path in a directory of this test file's own. */
export function scratchPath(name: string): string {
  directory ??= mkdtempSync(join(tmpdir(), "signatures-"));
  return join(directory, name);
}

/** Writes a file there. */
export function scratchFile(name: string, content: string): string {
  writeFileSync(scratchPath(name), content);
  return scratchPath(name);
}

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function ecKeys(namedCurve = "P-256"): KeyPair {
  return generateKeyPairSync("ec", { namedCurve });
}

export function signerOf({ privateKey, publicKey }: KeyPair): KeySigner {
  return keySigner({ key: privateKey, verificationKey: keyOf({ privateKey, publicKey }), path: "test.key" });
}

function keyOf({ publicKey }: KeyPair): VerificationKey {
  return parsePublicKey(publicKey.export({ format: "pem", type: "spki" }).toString(), "test.pub");
}

/** Trusts these keys, and nobody else. */
export function trusting(...keys: readonly KeyPair[]): TrustedSigners {
  return {
    keys: keys.map(keyOf),
    identities: [],
    authorities: () => Promise.reject(new Error("nobody asked for authorities")),
  };
}

/** Pushes an image that differs from others by its note. */
export async function pushImage(target: Target, note = "image"): Promise<Descriptor> {
  const bytes = Buffer.from(JSON.stringify({ note }));
  const { descriptor: config } = await pushBytes(target, bytes, { mediaType: MEDIA_TYPES.ociConfig });
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers: [config] };
  const body = Buffer.from(JSON.stringify(manifest));
  return (await pushBytes(target, body, { mediaType: MEDIA_TYPES.ociManifest, tag: note })).descriptor;
}

export async function imageInMemory(): Promise<{ target: MemoryTarget; image: Descriptor }> {
  const target = new MemoryTarget();
  return { target, image: await pushImage(target) };
}

/** Attaches any bytes as a bundle. */
export function attachBytes(target: Target, image: Descriptor, bytes: Buffer): Promise<Descriptor> {
  return attachReferrer(target, image, { artifactType: BUNDLE_TYPE, mediaType: BUNDLE_TYPE, bytes });
}

export function verify(target: Target, image: Descriptor, signers: TrustedSigners) {
  return verifyImage(target, { digest: image.digest, place: `${target.name}:image` }, { signers });
}

/** A bundle in JSON with some of its fields replaced. */
export function changedBundle(bundle: Buffer, change: (value: Bundle) => unknown): Buffer {
  const value = JSON.parse(bundle.toString("utf8")) as Bundle;
  return Buffer.from(JSON.stringify(change(value) ?? value));
}

interface Bundle {
  mediaType: string;
  verificationMaterial: Record<string, unknown>;
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string }[] };
  [extra: string]: unknown;
}

/** The digest of something that was never pushed. */
export const OTHER_DIGEST = digestOf("another image");
