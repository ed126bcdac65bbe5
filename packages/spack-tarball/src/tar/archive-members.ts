// Reads the members of an archive that is in memory.

import {
  type Bytes,
  GlobalHeaders,
  type MemberHeader,
  readMemberHeader,
  truncated,
} from "./member-header.js";
import { paddingAfter, type TarHeader } from "./tar-entry.js";

/** A member with its content, which is a part of the archive's buffer. */
export interface ArchiveMember {
  readonly header: TarHeader;
  readonly content: Buffer;
}

/**
 * Calls `see` for each member.
 *
 * @throws SpackOciError as `readTar` does
 */
export function readArchive(archive: Buffer, see: (member: ArchiveMember) => void): void {
  const defaults = new GlobalHeaders();
  let position = 0;
  const next = (isFirst: boolean): MemberHeader | undefined => {
    const reading = readMemberHeader(defaults, isFirst);
    let step = reading.next();
    while (step.done !== true) {
      const end = position + step.value;
      const bytes: Bytes =
        end <= archive.length ? archive.subarray(position, end) : { isCut: position < archive.length };
      position = end;
      step = reading.next(bytes);
    }
    return step.value;
  };
  for (let found = next(true); found !== undefined; found = next(false)) {
    const { header } = found;
    const end = position + header.size;
    if (end + paddingAfter(header.size) > archive.length) throw truncated();
    see({ header, content: archive.subarray(position, end) });
    position = end + paddingAfter(header.size);
  }
}
