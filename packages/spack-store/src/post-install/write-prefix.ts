// Writes a package that is in memory: every file once, in its final form, and nothing is read back.

import { hash } from "node:crypto";
import * as fs from "node:fs";
import {
  encodeFileName,
  fileSystemPath,
  isFileSystemSlow,
  MemoryFile,
  type MemoryTree,
  type MemoryTreeEntry,
  type MemoryTreeFile,
  noteOperations,
  type OnRefusal,
} from "@spack-oci/files";
import type { JsonObject } from "@spack-oci/spack-spec";
import { describeContent, describeDirectory, describeLink, sha1OfParts } from "./describe-entry.js";
import { sbangInsertion, startOf, withSbang } from "./filter-shebang.js";
import { fingerprintEntry } from "./fingerprint-entry.js";
import type { FinishOptions } from "./finish-file.js";
import { INSTALL_TIMES_PATH } from "./install-times.js";
import { MANIFEST_PATH, manifestMember } from "./manifest-file.js";
import { NewEntries } from "./new-entries.js";
import { directoriesOf, type TreeDirectory } from "./tree-order.js";

export interface WriteOptions extends FinishOptions {
  /** The final prefix, for the paths in the manifest. */
  readonly finalPrefix: string;
  /** The text of `install_times.json`; requested when it is written. */
  readonly installTimes: () => string;
  /** Receives what the file system refuses; without it a refusal is an error. */
  readonly onRefusal?: OnRefusal | undefined;
}

/**
 * Does in one go what unpacking, `finishPrefix`, `writeInstallTimes` and `fingerprintPrefix` do one after the other on
 * disk.
 *
 * @param directory a path that does not exist yet; after an error the caller removes it
 * @param tree the relocated package
 * @returns the fingerprint of the prefix, as `fingerprintPrefix` would find it
 * @throws SpackOciError `ERR_SBANG_PATH`, `ERR_PERMISSIONS_UNSAFE`; errors of the file system and of `changeFile`
 *   unchanged
 */
export function writePrefix(directory: string, tree: MemoryTree, options: WriteOptions): string {
  const began = performance.now();
  const fingerprint = new PrefixWriter(directory, tree, options).write();
  noteOperations({
    operations: tree.size * OPERATIONS_PER_ENTRY,
    milliseconds: performance.now() - began,
    bytes: bytesOf(tree),
  });
  return fingerprint;
}

/** Whether files are written so slowly that {@link writePrefix} would keep everything else in its thread waiting. */
export function isStoreSlow(): boolean {
  return isFileSystemSlow();
}

/** A file is opened, written, dated and closed. */
const OPERATIONS_PER_ENTRY = 4;

function bytesOf(tree: MemoryTree): number {
  let bytes = 0;
  for (const entry of tree.values()) if (entry.type === "file") bytes += entry.file.content.size;
  return bytes;
}

/** An entry that was written. */
interface Written {
  readonly path: string;
  readonly type: MemoryTreeEntry["type"];
  readonly target?: string;
  readonly status: fs.BigIntStats;
  /** The file, if it may get other names, which changes its status. */
  readonly file?: MemoryTreeFile;
}

/** A file as it was written for the first time. */
interface WrittenFile {
  readonly place: string | Buffer;
  readonly description: JsonObject;
  hasOtherNames: boolean;
}

class PrefixWriter {
  readonly #directory: string;
  readonly #tree: MemoryTree;
  readonly #options: WriteOptions;
  readonly #entries: NewEntries;
  readonly #content: ReadonlyMap<string, TreeDirectory>;
  readonly #files = new Map<MemoryTreeFile, WrittenFile>();
  readonly #written: Written[] = [];
  readonly #manifest: string[] = [];

  constructor(directory: string, tree: MemoryTree, options: WriteOptions) {
    this.#directory = directory;
    // Those in the package are of its builder.
    this.#tree = new Map([...tree, [INSTALL_TIMES_PATH, GENERATED], [MANIFEST_PATH, GENERATED]]);
    this.#options = options;
    this.#entries = new NewEntries(options);
    this.#content = directoriesOf(this.#tree);
  }

  write(): string {
    const status = this.#entries.directory(this.#directory);
    this.#directoryContent("");
    this.#describe("", describeDirectory(status));
    const text = Buffer.from(`{${this.#manifest.join(",")}}`);
    const manifest = this.#entries.file(this.#place(MANIFEST_PATH), generated(text));
    return this.#fingerprint(manifest);
  }

  #directoryContent(directory: string): void {
    const { directories, others } = this.#content.get(directory) ?? NOTHING;
    for (const path of directories) {
      const status = this.#entries.directory(this.#place(path));
      this.#describe(path, describeDirectory(status));
      this.#written.push({ path, type: "directory", status });
    }
    for (const path of others) this.#write(path);
    for (const path of directories) this.#directoryContent(path);
    // The manifest is still missing in the other one.
    if (directory !== ".spack") this.#entries.date(this.#place(directory), 0);
  }

  #write(path: string): void {
    const entry = this.#tree.get(path);
    if (entry === GENERATED) this.#generated(path);
    else if (entry?.type === "symlink") this.#symlink(path, entry.target);
    else if (entry?.type === "file") this.#file(path, entry.file);
  }

  #generated(path: string): void {
    if (path === MANIFEST_PATH) {
      this.#written.push({ path, type: "file", status: UNKNOWN });
      return;
    }
    const text = Buffer.from(this.#options.installTimes());
    this.#written.push({
      path,
      type: "file",
      status: this.#entries.file(this.#place(path), generated(text)),
    });
  }

  #symlink(path: string, target: string): void {
    const place = this.#place(path);
    const status = this.#entries.symlink(encodeFileName(target), place);
    this.#describe(path, describeLink(status, target));
    this.#written.push({ path, type: "symlink", target, status });
  }

  #file(path: string, file: MemoryTreeFile): void {
    const place = this.#place(path);
    const first = this.#files.get(file);
    if (first !== undefined) {
      fs.linkSync(first.place, place);
      first.hasOtherNames = true;
      this.#describe(path, first.description);
      this.#written.push({ path, type: "file", status: UNKNOWN, file });
      return;
    }
    const { content, mode, mtime } = file;
    const { sbangPath, platform, changeFile } = this.#options;
    const insertion =
      (mode & 0o111) === 0 ? undefined : sbangInsertion(startOf(content), sbangPath, platform);
    const finished = insertion === undefined ? content : new MemoryFile(withSbang(content.bytes, insertion));
    changeFile?.(finished);
    const { parts } = finished;
    const isChanged = finished !== content || content.isChanged;
    const status = this.#entries.file(place, { parts, mode, mtime: isChanged ? undefined : mtime });
    const description = describeContent(status, sha1OfParts(parts));
    this.#describe(path, description);
    this.#written.push({ path, type: "file", status, file });
    // With sbang, every name gets a file of its own.
    if (finished === content) this.#files.set(file, { place, description, hasOtherNames: false });
  }

  #describe(path: string, description: JsonObject): void {
    const member = manifestMember(this.#options.finalPrefix, path, description);
    if (member !== undefined) this.#manifest.push(member);
  }

  #fingerprint(manifest: fs.BigIntStats): string {
    const facts = this.#written.map((written) => {
      const { path, type, target } = written;
      const entry = {
        path: encodeFileName(`/${path}`),
        type,
        target: target === undefined ? undefined : encodeFileName(target),
      };
      return fingerprintEntry(entry, path === MANIFEST_PATH ? manifest : this.#finalStatus(written));
    });
    return hash("sha256", Buffer.concat(facts));
  }

  /** Another name for a file changes its status. */
  #finalStatus({ path, status, file }: Written): fs.BigIntStats {
    const hasOtherNames = file !== undefined && this.#files.get(file)?.hasOtherNames === true;
    return hasOtherNames ? fs.lstatSync(this.#place(path), { bigint: true }) : status;
  }

  #place(path: string): string | Buffer {
    return fileSystemPath(path === "" ? this.#directory : `${this.#directory}/${path}`);
  }
}

const NOTHING: TreeDirectory = { directories: [], others: [] };

/** Stands for a file that this module writes. */
const GENERATED: MemoryTreeEntry = {
  type: "file",
  file: { content: new MemoryFile(Buffer.alloc(0)), mode: 0o644, mtime: 0 },
};

/** Replaced before it is used. */
const UNKNOWN = {} as fs.BigIntStats;

function generated(bytes: Buffer) {
  return { parts: [bytes], mode: 0o644, mtime: undefined };
}
