// Stages a package in a worker thread: this thread reads, verifies and decompresses the layer, the other one unpacks and
// relocates what is in it, and writes its files.

import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { LayerArchive } from "@spack-oci/spack-tarball";
import type { FinishContext } from "../prefix-writing/finish-staged.js";
import type { FromStager, StageTask, ToStager } from "../prefix-writing/stage-layer.js";
import type { StageContext, StagedPackage } from "../prefix-writing/stage-package.js";
import type { WorkerThreads } from "./worker-threads.js";

/** Bytes of a message; each takes a few microseconds, whatever it holds. */
const CHUNK_SIZE = 512 * 1024;

/** Bytes that were sent and not used yet. */
const MAX_WAITING = 4 * CHUNK_SIZE;

/** A package to stage, and what happens meanwhile. */
export interface StageRequest extends Pick<StageContext, "onRefusal" | "onIdentitiesLost" | "onUnpacked"> {
  readonly task: StageTask;
  /** Names the package in the error if its thread dies. */
  readonly place: string;
}

/**
 * The thread is occupied until the package is finished or forgotten.
 *
 * @throws SpackOciError `ERR_WORKER_DIED`; as `stagePackage` does, and the errors of the archive
 */
export async function stageInThread(
  threads: WorkerThreads,
  archive: LayerArchive,
  request: StageRequest,
): Promise<StagedPackage> {
  const { task, place } = request;
  const { port1, port2 } = new MessageChannel();
  const stager = new Stager(port1, request);
  const ended = threads.run("stageLayer", { args: [task, port2], transfer: [port2], place });
  // It is awaited below, or when the package is finished; a package that is forgotten has no more errors.
  ended.catch(() => {}).finally(() => stager.close());
  try {
    await stager.sendAll(archive);
  } catch (error) {
    stager.send({ type: "cut" });
    // The thread must not write any longer when the caller removes what it has written.
    await ended.catch(() => {});
    throw error;
  }
  const staged = await Promise.race([stager.staged, ended]);
  if (typeof staged !== "object") throw new Error("the thread ended before its package was staged");
  return {
    kind: "staged",
    ...staged,
    finish: async (context: FinishContext) => {
      stager.send({ type: "finish", context });
      const fingerprint = await ended;
      if (fingerprint === undefined) throw new Error("the thread did not finish its package");
      return fingerprint;
    },
    forget: () => stager.send({ type: "forget" }),
  };
}

type PackageInStaging = Extract<FromStager, { readonly type: "staged" }>["package"];

/** The other end of a `stageLayer`. */
class Stager {
  readonly staged: Promise<PackageInStaging>;
  readonly #port: MessagePort;
  #waiting = 0;
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(port: MessagePort, { onRefusal, onIdentitiesLost, onUnpacked }: StageRequest) {
    this.#port = port;
    this.staged = new Promise((resolve) => {
      port.on("message", (message: FromStager) => {
        if (message.type === "used") this.#used(message.bytes);
        else if (message.type === "refusal") onRefusal(message.refusal);
        else if (message.type === "identities-lost") onIdentitiesLost(message.files);
        else if (message.type === "unpacked") onUnpacked();
        else resolve(message.package);
      });
    });
  }

  send(message: ToStager): void {
    this.#port.postMessage(message);
  }

  /** Sends an archive as fast as it is used; stops early if the thread does not want any more. */
  async sendAll(archive: LayerArchive): Promise<void> {
    let collected = new CollectedBytes();
    for await (const chunk of archive.chunks) {
      for (let done = 0; done < chunk.length; ) {
        done += collected.add(chunk.subarray(done));
        if (!collected.isFull) continue;
        this.#sendChunk(collected);
        collected = new CollectedBytes();
      }
      while (this.#waiting > MAX_WAITING && !this.#isClosed) await this.#change();
      if (this.#isClosed) return;
    }
    if (collected.length > 0) this.#sendChunk(collected);
    this.send({ type: "end", diffId: archive.diffId() });
  }

  /** The thread has ended. */
  close(): void {
    this.#isClosed = true;
    this.#port.close();
    this.#wake?.();
  }

  #sendChunk({ bytes }: CollectedBytes): void {
    this.#waiting += bytes.length;
    this.#port.postMessage({ type: "chunk", bytes } satisfies ToStager, [bytes.buffer as ArrayBuffer]);
  }

  #used(bytes: number): void {
    this.#waiting -= bytes;
    this.#wake?.();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** Short chunks, joined in memory of their own. */
class CollectedBytes {
  readonly #memory = Buffer.allocUnsafeSlow(CHUNK_SIZE);
  length = 0;

  get isFull(): boolean {
    return this.length === CHUNK_SIZE;
  }

  get bytes(): Buffer {
    return this.#memory.subarray(0, this.length);
  }

  /** @returns how many bytes it took */
  add(chunk: Buffer): number {
    const count = chunk.copy(this.#memory, this.length);
    this.length += count;
    return count;
  }
}
