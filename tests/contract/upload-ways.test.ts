// Every way to send a blob delivers it to every registry, whether or not the registry supports it.

import { randomBytes } from "node:crypto";
import {
  bodyOf,
  createRegistryClient,
  descriptorOf,
  fetchBytes,
  isBlobStreamer,
  openTarget,
  type RegistryClientOptions,
  type Target,
} from "@spack-oci/oci-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningRegistry } from "../support/registries.js";
import { registries } from "../support/registries.js";
import { contractProducts, startRegistryProcess } from "../support/registry-process.js";
import { scratchDirectory } from "../support/scratch.js";

type HostSettings = ReturnType<NonNullable<RegistryClientOptions["hosts"]>>;

const ways: Record<string, HostSettings> = {
  "a single POST": { singlePostLimit: 64 * 1024 * 1024 },
  "a mount without a source": { anonymousMount: true },
  chunks: { chunkedUploads: true },
  "all of them": { singlePostLimit: 1024, anonymousMount: true, chunkedUploads: true },
};

const starts = new Map<string, () => Promise<RunningRegistry>>([
  ...registries,
  ...contractProducts.map((name): [string, () => Promise<RunningRegistry>] => [
    name,
    () => startRegistryProcess(name),
  ]),
]);
const directory = scratchDirectory("upload-ways");

describe.each([...starts.keys()])("%s", (name) => {
  let registry: RunningRegistry;
  beforeAll(async () => {
    registry = await (starts.get(name) as () => Promise<RunningRegistry>)();
  });
  afterAll(() => registry?.stop());

  const blob = (bytes: Buffer) => descriptorOf("application/octet-stream", bytes);

  function open(settings: HostSettings, more: RegistryClientOptions = {}) {
    const client = createRegistryClient({ hosts: () => settings, ...more });
    return openTarget(registry.location("ways/cache"), { client });
  }

  test.each(Object.keys(ways))("%s", async (way) => {
    const target = open(ways[way] as HostSettings);
    // Fewer than eight random bytes might already exist.
    for (const size of [0, 8, 1000, 9 * 1024 * 1024]) {
      const bytes = randomBytes(size);
      let sent = 0;
      const onBytes = (count: number) => {
        sent += count;
      };
      const outcome = await target.push(blob(bytes), bodyOf(bytes), { onBytes });
      expect(outcome === "uploaded" || size === 0).toBe(true);
      expect(outcome === "uploaded" ? sent : size).toBe(size);
      expect((await fetchBytes(target, blob(bytes), { limit: size })).equals(bytes)).toBe(true);
    }
  });

  test("while it is made", async () => {
    const target: Target = open({});
    if (!isBlobStreamer(target)) throw new Error("no registry accepts unfinished blobs");
    for (const size of [8, 1000, 9 * 1024 * 1024]) {
      const bytes = randomBytes(size);
      expect(await target.streamBlob(bodyOf(bytes), Promise.resolve(blob(bytes)))).toBe(true);
      expect((await fetchBytes(target, blob(bytes), { limit: size })).equals(bytes)).toBe(true);
    }
  });

  test("the next process completes an upload in chunks that was left", async () => {
    const bytes = randomBytes(13 * 1024 * 1024);
    const options = { uploadsDirectory: directory };
    const abort = new AbortController();
    let sent = 0;
    const leaving = open({ chunkedUploads: true }, options).push(blob(bytes), bodyOf(bytes), {
      signal: abort.signal,
      onBytes: (count) => {
        sent += count;
        if (sent >= 8 * 1024 * 1024) abort.abort(new Error("killed"));
      },
    });
    await expect(leaving).rejects.toThrow("killed");
    const requests: string[] = [];
    const onRequest = ({ method }: { method: string }) => requests.push(method);
    const target = open({ chunkedUploads: true }, { ...options, onRequest });
    expect(await target.push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
    const fromScratch = ["HEAD", "GET", "POST", "PATCH", "PATCH", "PATCH", "PATCH", "PUT"];
    // crane's registry does not report what it holds.
    expect(requests).toEqual(name === "crane" ? fromScratch : ["HEAD", "GET", "PATCH", "PATCH", "PUT"]);
    expect((await fetchBytes(target, blob(bytes), { limit: bytes.length })).equals(bytes)).toBe(true);
  });
});
