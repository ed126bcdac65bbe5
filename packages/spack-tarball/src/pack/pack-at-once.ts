// Packs a small install prefix in memory: each file is read into its place in the archive, and nothing waits.

import { inOneGo, type Operate } from "@spack-oci/files";
import { BUILD_INFO_PATH } from "../build-info/build-info.js";
import { classifyContent } from "../classify/classify-content.js";
import { ENTRY_POINT, endOfArchive } from "../tar/archive-chunks.js";
import { paddingAfter } from "../tar/tar-entry.js";
import { isRelocated } from "./known-prefixes.js";
import type { PackRequest } from "./pack-prefix.js";
import { fileChanged, PackageArchive } from "./package-archive.js";
import type { PrefixEntry } from "./prefix-entry.js";
import { readWhole } from "./read-whole.js";
import { surveyPrefix } from "./survey-prefix.js";

/**
 * The bytes of `packPrefix`, in a few chunks.
 *
 * @param maxBytes how many bytes the files of the prefix may have
 * @returns undefined if they have more, if there are thousands of entries, or if the file system is slow: then
 *   threads of their own should wait for it
 * @throws SpackOciError `ERR_FILE_CHANGED` if the size of a file changes while it is read
 */
export function packAtOnce(
  request: Omit<PackRequest, "change">,
  maxBytes: number,
): readonly Buffer[] | undefined {
  const directory = request.directory ?? request.prefix;
  return inOneGo((operate) => {
    const entries = surveyPrefix(directory, { skip: BUILD_INFO_PATH, maxBytes, operate });
    return entries && assemble(new PackageArchive(request), entries, { directory, operate });
  });
}

/** Where the content of files is. */
interface Files {
  readonly directory: string;
  readonly operate: Operate;
}

function assemble(
  archive: PackageArchive,
  entries: readonly PrefixEntry[],
  { directory, operate }: Files,
): readonly Buffer[] {
  const parents = archive.parents();
  const headers = entries.map((entry) => archive.header(entry));
  const length = entries.reduce(
    (sum, entry) => sum + (entry.type === "file" ? entry.size + paddingAfter(entry.size) : 0),
    [...parents, ...headers].reduce((sum, header) => sum + header.length, 0),
  );
  // One byte more, which shows whether the last file has grown.
  const bytes = Buffer.allocUnsafeSlow(length + 1);
  let position = 0;
  for (const header of parents) position += header.copy(bytes, position);
  for (const [index, entry] of entries.entries()) {
    position += headers[index]?.copy(bytes, position) ?? 0;
    if (entry.type !== "file") continue;
    const place = `${directory}/${entry.path}`;
    const room = bytes.subarray(position, position + entry.size + 1);
    if (operate(() => readWhole(place, room), entry.size) !== entry.size) throw fileChanged(place);
    const content = bytes.subarray(position, position + entry.size);
    if (isRelocated(entry.path)) archive.addClass(entry.path, classifyContent(content, archive.prefixes));
    position += entry.size;
    const padding = paddingAfter(entry.size);
    bytes.fill(0, position, position + padding);
    position += padding;
  }
  const info = archive.buildInfo();
  const end = info.reduce((sum, part) => sum + part.length, length);
  return [bytes.subarray(0, length), ENTRY_POINT, Buffer.concat([...info, endOfArchive(end)])];
}
