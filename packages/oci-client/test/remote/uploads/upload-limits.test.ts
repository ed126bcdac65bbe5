// Errors for uploads that exceed a host's known limits; without a network, because only ghcr.io has them.

import { expect, test } from "vitest";
import { ConnectionError } from "../../../src/http/connection-error.js";
import type { HostSettings } from "../../../src/quirks/host-settings.js";
import { initialBehavior } from "../../../src/quirks/learned-behavior.js";
import type { Repository } from "../../../src/remote/requests/repository.js";
import { ensureFits, tooSlow } from "../../../src/remote/uploads/upload-limits.js";
import { createRegistryClient } from "../../../src/transport/client.js";
import { blob } from "../../support/registry.js";

function repositoryOn(host: string, settings: HostSettings = {}): Repository {
  const client = createRegistryClient({ hosts: () => settings });
  return { client, host, scheme: "https", repository: "org/name", learned: initialBehavior(settings) };
}

const ofSize = (size: number) => ({ ...blob(Buffer.alloc(0)), size });
const cut = new ConnectionError("cut", { place: "here", hint: "x", cause: undefined, retryable: true });
const minutes = 60_000;

test("lesson 4: does not send ghcr.io a layer of more than 10 GB, unless the user raises the limit", () => {
  expect(() => ensureFits(repositoryOn("ghcr.io"), ofSize(10 * 1024 ** 3))).not.toThrow();
  expect(() => ensureFits(repositoryOn("ghcr.io"), ofSize(10 * 1024 ** 3 + 1))).toThrow(
    expect.objectContaining({ kind: "unsupported", code: "ERR_OCI_TOO_LARGE" }),
  );
  expect(() =>
    ensureFits(repositoryOn("ghcr.io", { largestBlob: 2 ** 40 }), ofSize(10 * 1024 ** 3 + 1)),
  ).not.toThrow();
  expect(() => ensureFits(repositoryOn("quay.io"), ofSize(2 ** 50))).not.toThrow();
});

test("lesson 4: explains an upload that ghcr.io cut after ten minutes, and does not repeat it", () => {
  expect(tooSlow(repositoryOn("ghcr.io"), cut, 10 * minutes)).toMatchObject({
    kind: "unreachable",
    message: "cut",
    hint: expect.stringContaining("ends uploads after 10 minutes"),
  });
  expect(tooSlow(repositoryOn("ghcr.io"), cut, 9 * minutes)).toBeUndefined();
  expect(tooSlow(repositoryOn("quay.io"), cut, 90 * minutes)).toBeUndefined();
  expect(tooSlow(repositoryOn("ghcr.io"), new Error("the disk is gone"), 10 * minutes)).toBeUndefined();
});
