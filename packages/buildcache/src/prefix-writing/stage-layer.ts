// Stages and finishes a package whose archive comes chunk by chunk through a port, so that it can be done in any thread.

import type { MessagePort } from "node:worker_threads";
import { freeMemory } from "@spack-oci/files";
import type { PackagePermissions } from "@spack-oci/spack-store";
import type { LayerArchive, Refusal } from "@spack-oci/spack-tarball";
import { MemoryBudget } from "../layers/memory-budget.js";
import type { ExpectedLayer } from "./expected-layer.js";
import type { FinishContext } from "./finish-staged.js";
import type { KnownPackage } from "./known-package.js";
import type { RelocationPlan } from "./relocation-plan.js";
import { type StagedPackage, stagePackage } from "./stage-package.js";

/** What is to be staged, and where; plain data. */
export interface StageTask {
  /** A directory that does not exist yet; after an error its content is undefined. */
  readonly staging: string;
  readonly plan: RelocationPlan;
  readonly permissions: PackagePermissions;
  readonly dropsRpaths: boolean;
  readonly known: KnownPackage | undefined;
  readonly expected: ExpectedLayer;
  /** Bytes for files in memory. */
  readonly allowance: number;
  /** Bytes for what is remembered of the files that were written. */
  readonly remembered: number;
}

/** What the owner of the port sends. */
export type ToStager =
  | { readonly type: "chunk"; readonly bytes: Uint8Array }
  | { readonly type: "end"; readonly diffId: string }
  /** There is no more of the archive, because it could not be read. */
  | { readonly type: "cut" }
  | { readonly type: "finish"; readonly context: FinishContext }
  /** The package will not be finished. */
  | { readonly type: "forget" };

/** What comes back. */
export type FromStager =
  /** Bytes of chunks were used, and as many more may come. */
  | { readonly type: "used"; readonly bytes: number }
  | { readonly type: "refusal"; readonly refusal: Refusal }
  | { readonly type: "identities-lost"; readonly files: readonly string[] }
  | { readonly type: "unpacked" }
  | { readonly type: "staged"; readonly package: KnownPackage & Pick<StagedPackage, "diffId"> };

/**
 * @returns the fingerprint of the prefix; undefined if the package was not finished
 * @throws SpackOciError as `stagePackage` and `finishStaged` do
 */
export async function stageLayer(task: StageTask, port: MessagePort): Promise<string | undefined> {
  const inbox = new Inbox(port);
  const send = (message: FromStager) => port.postMessage(message);
  try {
    const staged = await stagePackage(archiveFrom(inbox, send), task.staging, {
      ...task,
      allowance: new MemoryBudget(task.allowance),
      remembered: new MemoryBudget(task.remembered),
      onRefusal: (refusal) => send({ type: "refusal", refusal }),
      onIdentitiesLost: (files) => send({ type: "identities-lost", files }),
      onUnpacked: () => send({ type: "unpacked" }),
    });
    try {
      const { buildInfo, memberPrefix, diffId } = staged;
      send({ type: "staged", package: { buildInfo, memberPrefix, diffId } });
      const message = await inbox.next();
      return message.type === "finish" ? await staged.finish(message.context) : undefined;
    } finally {
      staged.forget();
    }
  } finally {
    port.close();
  }
}

function archiveFrom(inbox: Inbox, send: (message: FromStager) => void): LayerArchive {
  let diffId = "";
  const chunks = async function* (): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const message = await inbox.next();
      if (message.type === "end") {
        ({ diffId } = message);
        return;
      }
      // The owner of the port knows the reason.
      if (message.type !== "chunk") throw new Error("the archive could not be read to its end");
      const { buffer, byteOffset, byteLength } = message.bytes;
      const bytes = Buffer.from(buffer, byteOffset, byteLength);
      yield bytes;
      freeMemory(bytes);
      send({ type: "used", bytes: byteLength });
    }
  };
  return { chunks: chunks(), diffId: () => diffId };
}

/** Messages in the order in which they came. */
class Inbox {
  readonly #messages: ToStager[] = [];
  #wake: (() => void) | undefined;

  constructor(port: MessagePort) {
    port.on("message", (message: ToStager) => this.#add(message));
    port.once("close", () => this.#add({ type: "forget" }));
  }

  async next(): Promise<ToStager> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #add(message: ToStager): void {
    this.#messages.push(message);
    this.#wake?.();
  }
}
