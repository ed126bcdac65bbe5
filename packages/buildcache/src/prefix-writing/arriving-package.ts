// Writes the files of a package as they arrive. If its build info is known, each is relocated before it is written, or
// right afterwards if it does not fit into memory.

import { type ArrivingPrefix, INSTALL_TIMES_PATH, MANIFEST_PATH } from "@spack-oci/spack-store";
import {
  type Allowance,
  type ArrivingRelocation,
  type EntryContent,
  type EntryPlace,
  type EntryWriter,
  isWithin,
  type RunPaths,
  type TarHeader,
} from "@spack-oci/spack-tarball";
import { SPEC_PATH } from "./spliced-spec.js";

/** How the files of a package change. */
interface KnownRelocation {
  /** The prefix in the archive. */
  readonly memberPrefix: string;
  readonly relocation: ArrivingRelocation;
}

export interface ArrivingPackageOptions {
  readonly prefix: ArrivingPrefix;
  /** Undefined if the build info will be known only when everything was written. */
  readonly known: KnownRelocation | undefined;
  /** Receives the run paths of ELF files. */
  readonly runPaths: RunPaths | undefined;
  /** For files in memory. */
  readonly allowance: Allowance;
}

/** Bytes of a file that is written at once. */
const MAX_IN_MEMORY = 4 * 1024 * 1024;

/** Members of a package that are about its builder. Those of the install replace them. */
const REPLACED = [INSTALL_TIMES_PATH, MANIFEST_PATH];

type FileInMemory = Awaited<ReturnType<EntryContent["inMemory"]>>;

export class ArrivingPackage implements EntryWriter {
  readonly #options: ArrivingPackageOptions;
  #spec: string | undefined;

  constructor(options: ArrivingPackageOptions) {
    this.#options = options;
  }

  /** The text of the package's spec, if it came where it was expected; otherwise it is only on disk. */
  get spec(): string | undefined {
    return this.#spec;
  }

  directory({ path }: Omit<EntryPlace, "create">): void {
    this.#options.prefix.directory(path);
  }

  symlink(place: EntryPlace, target: string): void {
    const inner = this.#inner(place.name);
    const relocated = inner?.relocation.target(inner.path, target);
    this.#options.prefix.symlink(place, relocated ?? target);
  }

  hardlink(place: EntryPlace, target: Omit<EntryPlace, "create">): void {
    const [inner, existing] = [this.#inner(place.name), this.#inner(target.name)];
    if (inner !== undefined && existing !== undefined) inner.relocation.seeName(inner.path, existing.path);
    this.#options.prefix.hardlink(place, target);
  }

  async file(place: EntryPlace, header: TarHeader, content: EntryContent): Promise<void> {
    const inner = this.#inner(place.name);
    if (inner !== undefined && REPLACED.includes(inner.path)) return;
    // The file, and what it becomes.
    const cost = 2 * header.size;
    if (header.size > MAX_IN_MEMORY || !this.#options.allowance.take(cost)) {
      await this.#longFile(place, header, content);
      return;
    }
    try {
      this.#fileInMemory(place, header, await content.inMemory());
    } finally {
      this.#options.allowance.give(cost);
    }
  }

  #fileInMemory(place: EntryPlace, header: TarHeader, content: FileInMemory): void {
    const { prefix, runPaths } = this.#options;
    const inner = this.#inner(place.name);
    if (inner?.path === SPEC_PATH) this.#spec = content.bytes.toString("utf8");
    const turn = inner?.relocation.turnOf(inner.path) ?? "later";
    if (turn === "now") inner?.relocation.inMemory(inner.path, content);
    prefix.file(place, header, { content, isFinal: turn !== "later" });
    runPaths?.see(place.name, content);
  }

  async #longFile(place: EntryPlace, header: TarHeader, content: EntryContent): Promise<void> {
    const { prefix, runPaths } = this.#options;
    const inner = this.#inner(place.name);
    await prefix.longFile(place, header, {
      chunks: content.chunks(),
      change: async (file) => {
        const isNow = inner?.relocation.turnOf(inner.path) === "now";
        const isChanged = isNow && (await inner.relocation.onDisk(inner.path, file, place.path));
        runPaths?.see(place.name, file);
        return isChanged;
      },
    });
  }

  /** The path below the prefix, if anything is known about it. */
  #inner(name: string): { readonly path: string; readonly relocation: ArrivingRelocation } | undefined {
    const { known } = this.#options;
    if (known === undefined || !isWithin(name, known.memberPrefix)) return undefined;
    return { path: name.slice(known.memberPrefix.length + 1), relocation: known.relocation };
  }
}
