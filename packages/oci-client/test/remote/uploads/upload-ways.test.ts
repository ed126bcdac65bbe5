// Other ways to send a blob: by POST alone, in chunks from the start, and continued where it was left.

import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answer } from "../../../../../tests/support/test-registry/answer.js";
import type { Fault } from "../../../../../tests/support/test-registry/faults.js";
import { bodyOf } from "../../../src/storage/bytes.js";
import { blob, freshRepository, useRegistry } from "../../support/registry.js";

const context = useRegistry();
const uploads = /blobs\/uploads\//;
const MiB = 1024 * 1024;
const bytes = randomBytes(10 * MiB);
const unopened = () => Promise.reject(new Error("the body must not be opened"));

const methods = () => context.registry.requests.map(({ method }) => method);

describe("a single POST", () => {
  const small = randomBytes(1000);
  const hosts = () => ({ singlePostLimit: 1000 });

  test("stores a small blob in one request, and sends a larger one as usual", async () => {
    const { registry } = context;
    let sent = 0;
    const repository = freshRepository(registry, { hosts });
    const onBytes = (count: number) => {
      sent += count;
    };
    expect(await repository.push(blob(small), bodyOf(small), { onBytes })).toBe("uploaded");
    expect(methods()).toEqual(["HEAD", "POST"]);
    expect(sent).toBe(1000);
    const larger = randomBytes(1001);
    expect(await repository.push(blob(larger), bodyOf(larger))).toBe("uploaded");
    expect(methods().slice(2)).toEqual(["HEAD", "POST", "PUT"]);
  });

  test("uses the session if the registry opens one instead, and does not try again", async () => {
    const { registry } = context;
    const repository = freshRepository(registry, { hosts });
    const stored = registry.storage.repository(repository.repository);
    registry.fault({
      method: "POST",
      rewrite: () => {
        const id = stored.openUpload();
        const state = encodeURIComponent(`a+b/${id}==`);
        return answer(202, { location: `/v2/${repository.repository}/blobs/uploads/${id}?_state=${state}` });
      },
    });
    expect(await repository.push(blob(small), bodyOf(small))).toBe("uploaded");
    expect(methods()).toEqual(["HEAD", "POST", "PUT"]);
    const other = randomBytes(10);
    await repository.push(blob(other), bodyOf(other));
    expect(registry.count("POST", /digest=/)).toBe(1);
  });

  test.each([400, 404, 405, 500])("falls back on an upload after %i", async (status) => {
    const { registry } = context;
    registry.fault({ method: "POST", path: /digest=/, status, times: Number.POSITIVE_INFINITY });
    const repository = freshRepository(registry, { hosts });
    expect(await repository.push(blob(small), bodyOf(small))).toBe("uploaded");
    expect(methods()).toEqual(["HEAD", "POST", "POST", "PUT"]);
  });

  test("is not tried unless it is set", async () => {
    const { registry } = context;
    await freshRepository(registry).push(blob(small), bodyOf(small));
    expect(registry.count("POST", /digest=/)).toBe(0);
  });
});

describe("lesson 11: a mount without a source", () => {
  const hosts = () => ({ anonymousMount: true });
  const small = randomBytes(1000);

  test("links a blob that the registry finds by itself", async () => {
    const { registry } = context;
    registry.fault({ method: "POST", path: /mount=/, rewrite: () => answer(201) });
    const repository = freshRepository(registry, { hosts });
    expect(await repository.push(blob(small), unopened)).toBe("mounted");
    const { path } = registry.requests.at(-1) ?? { path: "" };
    expect(path).toMatch(/\?mount=sha256%3A[0-9a-f]{64}$/);
  });

  test("costs no extra request if it opens a session", async () => {
    const { registry } = context;
    const repository = freshRepository(registry, { hosts });
    expect(await repository.push(blob(small), bodyOf(small))).toBe("uploaded");
    expect(methods()).toEqual(["HEAD", "POST", "PUT"]);
  });

  test("is tried once if the registry does not know it, and never again", async () => {
    const { registry } = context;
    registry.fault({ method: "POST", path: /mount=/, status: 400, times: Number.POSITIVE_INFINITY });
    const repository = freshRepository(registry, { hosts });
    for (let i = 0; i < 3; i += 1) {
      const other = randomBytes(100);
      expect(await repository.push(blob(other), bodyOf(other))).toBe("uploaded");
    }
    expect(registry.count("POST", /mount=/)).toBe(1);
  });

  test("comes after the named sources", async () => {
    const { registry } = context;
    const source = freshRepository(registry);
    await source.push(blob(small), bodyOf(small));
    registry.requests.length = 0;
    const repository = freshRepository(registry, { hosts });
    expect(await repository.push(blob(small), unopened, { mountFrom: [source.repository] })).toBe("mounted");
    expect(registry.count("POST")).toBe(1);
  });
});

describe("chunks", () => {
  test("are sent from the start if the user sets it", async () => {
    const { registry } = context;
    const repository = freshRepository(registry, { hosts: () => ({ chunkedUploads: true }) });
    expect(await repository.push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
    expect(methods()).toEqual(["HEAD", "POST", "PATCH", "PATCH", "PATCH", "PUT"]);
  });

  test("are sent from the start after a blob was rejected whole and accepted in chunks", async () => {
    const { registry } = context;
    const repository = freshRepository(registry);
    registry.fault({ method: "PUT", path: uploads, status: 413 });
    await repository.push(blob(bytes), bodyOf(bytes));
    registry.requests.length = 0;
    const other = randomBytes(1000);
    await repository.push(blob(other), bodyOf(other));
    expect(methods()).toEqual(["HEAD", "POST", "PATCH", "PUT"]);
  });

  test("one lost session is no reason to send the next blob in chunks", async () => {
    const { registry } = context;
    const repository = freshRepository(registry);
    registry.fault({ method: "PUT", path: uploads, status: 404 });
    await repository.push(blob(bytes), bodyOf(bytes));
    registry.requests.length = 0;
    const other = randomBytes(1000);
    await repository.push(blob(other), bodyOf(other));
    expect(methods()).toEqual(["HEAD", "POST", "PUT"]);
  });

  test("are at least as long as the registry asks for", async () => {
    const { registry } = context;
    const repository = freshRepository(registry, { hosts: () => ({ chunkedUploads: true }) });
    registry.fault({ method: "POST", headers: { "oci-chunk-min-length": String(5 * MiB) } });
    await repository.push(blob(bytes), bodyOf(bytes));
    const chunks = registry.requests.filter(({ method }) => method === "PATCH");
    expect(chunks.map((request) => request.bytes)).toEqual([5 * MiB, 5 * MiB]);
  });

  test.each(["many", "-1", "1e30"])("fail if the minimum (%s) is unreadable", async (length) => {
    const { registry } = context;
    registry.fault({ method: "POST", headers: { "oci-chunk-min-length": length }, times: 9 });
    const inChunks = freshRepository(registry, { hosts: () => ({ chunkedUploads: true }) });
    await expect(inChunks.push(blob(bytes), bodyOf(bytes))).rejects.toMatchObject({ code: "ERR_OCI_HEADER" });
    const whole = freshRepository(registry);
    expect(await whole.push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
  });
});

describe("an upload in chunks that was left", () => {
  const hosts = () => ({ chunkedUploads: true });
  let directory: string;
  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), "uploads-")), "uploads");
  });
  afterEach(() => rm(join(directory, ".."), { recursive: true }));

  /** Sends two chunks of three, like a process that is then killed. */
  async function leave(how: Fault = { cutRequestAfter: MiB }): Promise<string> {
    const { registry } = context;
    const options = { hosts, uploadsDirectory: directory, retry: { attempts: 1 } };
    const repository = freshRepository(registry, options);
    registry.fault({ method: "PATCH", after: 2, ...how });
    await expect(repository.push(blob(bytes), bodyOf(bytes))).rejects.toMatchObject({ kind: "unreachable" });
    registry.reset();
    return repository.repository;
  }

  const comeBack = (name: string) =>
    freshRepository(context.registry, { hosts, uploadsDirectory: directory }, name);

  test("continues in the same process, and sends no chunk twice", async () => {
    const { registry } = context;
    const repository = freshRepository(registry, { hosts });
    registry.fault({ method: "PATCH", after: 1, cutRequestAfter: MiB });
    let sent = 0;
    const onBytes = (count: number) => {
      sent += count;
    };
    expect(await repository.push(blob(bytes), bodyOf(bytes), { onBytes })).toBe("uploaded");
    expect(methods()).toEqual(["HEAD", "POST", "PATCH", "PATCH", "HEAD", "GET", "PATCH", "PATCH", "PUT"]);
    expect(registry.requests.filter(({ status }) => status === 202).map((each) => each.bytes)).toEqual([
      0,
      4 * MiB,
      4 * MiB,
      2 * MiB,
    ]);
    expect(sent).toBe(bytes.length);
  });

  test.each<[string, Fault, string[]]>([
    ["in the middle of a chunk", { cutRequestAfter: MiB }, ["HEAD", "GET", "PATCH", "PUT"]],
    ["after the last one, whose answer was lost", { loseAnswer: true }, ["HEAD", "GET", "PUT"]],
  ])("%s continues in the next process", async (_, how, expected) => {
    const { registry } = context;
    const name = await leave(how);
    let sent = 0;
    const onBytes = (count: number) => {
      sent += count;
    };
    expect(await comeBack(name).push(blob(bytes), bodyOf(bytes), { onBytes })).toBe("uploaded");
    expect(methods()).toEqual(expected);
    expect(sent).toBe(bytes.length);
    expect(registry.storage.repository(name).blobs.get(blob(bytes).digest)?.equals(bytes)).toBe(true);
    expect(await readdir(directory)).toEqual([]);
  });

  test("starts over if the registry has forgotten it", async () => {
    const { registry } = context;
    const name = await leave();
    registry.storage.repository(name).uploads.clear();
    expect(await comeBack(name).push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
    expect(methods()).toEqual(["HEAD", "GET", "POST", "PATCH", "PATCH", "PATCH", "PUT"]);
  });

  test.each([
    ["an empty range", { range: "0-0" }],
    ["a range of more than the blob", { range: `0-${bytes.length}` }],
    ["the range of the last chunk alone", { range: "4194304-8388607" }],
    ["no range", { range: "" }],
  ])("starts over if the registry answers with %s", async (_, headers) => {
    const { registry } = context;
    const name = await leave();
    registry.fault({ method: "GET", path: uploads, headers });
    expect(await comeBack(name).push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
    expect(registry.count("POST")).toBe(1);
  });

  test("starts over if the registry holds other bytes", async () => {
    const { registry } = context;
    const name = await leave();
    const stored = registry.storage.repository(name);
    for (const [id, held] of stored.uploads) stored.uploads.set(id, randomBytes(held.length));
    expect(await comeBack(name).push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
    expect(registry.requests.filter(({ method }) => method === "PUT").map(({ status }) => status)).toEqual([
      400, 201,
    ]);
  });

  test("is not asked for again by a third process once the registry has rejected it", async () => {
    const { registry } = context;
    const name = await leave();
    registry.fault({ method: "PATCH", status: 400 });
    await expect(comeBack(name).push(blob(bytes), bodyOf(bytes))).rejects.toMatchObject({ status: 400 });
    expect(await readdir(directory)).toEqual([]);
  });

  test("is remembered for its owner alone, and not forever", async () => {
    await leave();
    const [file = ""] = await readdir(directory);
    expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    const longAgo = Date.now() / 1000 - 8 * 24 * 3600;
    await utimes(join(directory, file), longAgo, longAgo);
    await leave();
    expect(await readdir(directory)).toHaveLength(1);
    expect(await readdir(directory)).not.toContain(file);
  });

  test("starts over if its file is damaged or belongs to another upload", async () => {
    const name = await leave();
    const [file = ""] = await readdir(directory);
    const text = await readFile(join(directory, file), "utf8");
    for (const damaged of [
      "",
      "{}",
      text.replace(name, "org/other"),
      text.replace(/"http[^"]*"/, '"no url"'),
    ]) {
      await writeFile(join(directory, file), damaged);
      context.registry.reset();
      const repository = comeBack(name);
      expect(await repository.push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
      expect(context.registry.count("GET")).toBe(0);
      await repository.delete(blob(bytes));
    }
  });

  test("is not remembered if nothing can be written, and that is not an error", async () => {
    await writeFile(directory, "in the way");
    const name = await leave();
    expect(await comeBack(name).push(blob(bytes), bodyOf(bytes))).toBe("uploaded");
    expect(context.registry.count("POST")).toBe(1);
  });
});

describe("lesson 4", () => {
  test("a blob above the host's limit fails before it is sent", async () => {
    const { registry } = context;
    const repository = freshRepository(registry, { hosts: () => ({ largestBlob: 999 }) });
    await expect(repository.push(blob(randomBytes(1000)), unopened)).rejects.toMatchObject({
      kind: "unsupported",
      code: "ERR_OCI_TOO_LARGE",
      message: expect.stringMatching(/has 1000 bytes, and .* accepts at most 999/),
      hint: expect.stringContaining('"largestBlob"'),
    });
    expect(methods()).toEqual(["HEAD"]);
    const small = randomBytes(999);
    expect(await repository.push(blob(small), bodyOf(small))).toBe("uploaded");
  });
});

test("takes back the counted bytes of an upload that is answered with an error", async () => {
  const { registry } = context;
  let sent = 0;
  const onBytes = (count: number) => {
    sent += count;
  };
  registry.fault({ method: "PUT", path: uploads, status: 500, times: 2 });
  await freshRepository(registry).push(blob(bytes), bodyOf(bytes), { onBytes });
  expect(sent).toBe(bytes.length);
  sent = 0;
  const promised = blob(randomBytes(bytes.length));
  const refused = freshRepository(registry).push(promised, bodyOf(bytes), { onBytes });
  await expect(refused).rejects.toMatchObject({ kind: "corrupt" });
  expect(sent).toBe(0);
});
