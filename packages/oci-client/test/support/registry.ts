// A test registry for the tests of one file, and repositories on it with clients that do not wait.

import { afterAll, beforeAll, beforeEach } from "vitest";
import {
  startTestRegistry,
  type TestRegistry,
  type TestRegistryOptions,
} from "../../../../tests/support/test-registry/test-registry.js";
import { type Descriptor, descriptorOf } from "../../src/content/descriptor.js";
import { MEDIA_TYPES } from "../../src/content/media-types.js";
import type { Credential } from "../../src/credentials/credential.js";
import type { RegistryLocation } from "../../src/reference/location.js";
import { parseLocation } from "../../src/reference/location.js";
import { RemoteRepository } from "../../src/remote/remote-repository.js";
import { bodyOf } from "../../src/storage/bytes.js";
import type { Target } from "../../src/storage/target.js";
import { createRegistryClient, type RegistryClientOptions } from "../../src/transport/client.js";
import { instantClock } from "./instant-clock.js";

/** A registry that runs during the tests of a file; faults and requests are reset before each. */
export function useRegistry(options: TestRegistryOptions = {}): { readonly registry: TestRegistry } {
  const context: { registry?: TestRegistry } = {};
  beforeAll(async () => {
    context.registry = await startTestRegistry(options);
  });
  beforeEach(() => context.registry?.reset());
  afterAll(() => context.registry?.close());
  return context as { registry: TestRegistry };
}

let repositories = 0;

function nextName(): string {
  repositories += 1;
  return `org/test-${repositories}`;
}

/** A repository that no other test uses. */
export function freshRepository(
  registry: TestRegistry,
  options: RegistryClientOptions = {},
  name = nextName(),
): RemoteRepository {
  const client = createRegistryClient({ clock: instantClock(), ...options });
  return new RemoteRepository(parseLocation(registry.location(name)) as RegistryLocation, client);
}

/** A user and password as a credential. */
export function basic(username: string, password: string): Credential {
  return { kind: "basic", username, password, source: "the test" };
}

/** The descriptor of bytes that are not a manifest. */
export function blob(bytes: Buffer): Descriptor {
  return descriptorOf("application/octet-stream", bytes);
}

/** Pushes a manifest with a config and no layers. */
export async function pushImage(repository: Target, tag: string, note = tag) {
  const config = Buffer.from(JSON.stringify({ note }));
  await repository.push(descriptorOf(MEDIA_TYPES.ociConfig, config), bodyOf(config));
  const bytes = imageBytes(descriptorOf(MEDIA_TYPES.ociConfig, config));
  const descriptor = descriptorOf(MEDIA_TYPES.ociManifest, bytes);
  await repository.push(descriptor, bodyOf(bytes), { tag });
  return { descriptor, bytes };
}

/** The bytes of a manifest with the given config and layers. */
export function imageBytes(config: Descriptor, layers: readonly Descriptor[] = []): Buffer {
  return Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers }),
  );
}
