// The records of a pax extended header: `LENGTH KEY=VALUE\n`, in which the value is bytes.

import { SpackOciError } from "@spack-oci/errors";

/** Formats records as Python's tarfile does: names that are not UTF-8 need `hdrcharset=BINARY` first. */
export function formatPaxRecords(records: ReadonlyMap<string, Buffer>, binary: boolean): Buffer {
  const parts: Buffer[] = [];
  if (binary) parts.push(formatRecord("hdrcharset", Buffer.from("BINARY")));
  for (const [key, value] of records) parts.push(formatRecord(key, value));
  return Buffer.concat(parts);
}

/** The first part of the keys of GNU's sparse files. */
export const SPARSE = "GNU.sparse.";

const NEWLINE = 0x0a;

const USED_KEYS = new Set(["path", "linkpath", "size", "mtime"]);

/**
 * Parses the content of a pax header. Only records that have a meaning here are kept, so that an archive cannot fill
 * the memory with others: a header may have a hundred thousand. {@link SPARSE} stands for all keys that begin with it.
 *
 * @throws SpackOciError `ERR_TAR_MALFORMED` if a length is wrong
 */
export function parsePaxRecords(content: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  let position = 0;
  while (position < content.length && content[position] !== 0) {
    const space = content.indexOf(0x20, position);
    const length = Number(content.toString("latin1", position, space < 0 ? position : space));
    const equals = content.indexOf(0x3d, space);
    const end = position + length;
    if (space < 0 || !Number.isInteger(length) || end > content.length || equals < 0 || equals >= end) {
      throw new SpackOciError("ERR_TAR_MALFORMED", "The archive has a malformed pax header.", {
        kind: "corrupt",
      });
    }
    const key = content.toString("utf8", space + 1, equals);
    const value = content.subarray(equals + 1, end - 1);
    if (USED_KEYS.has(key)) records.set(key, value);
    else if (key.startsWith(SPARSE)) records.set(SPARSE, value);
    position = end;
  }
  return records;
}

function formatRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.byteLength(key) + value.length + " =\n".length;
  // The length counts its own digits.
  let length = rest;
  while (rest + String(length).length !== length) length = rest + String(length).length;
  const record = Buffer.allocUnsafe(length);
  const start = record.write(`${length} ${key}=`);
  value.copy(record, start);
  record[length - 1] = NEWLINE;
  return record;
}
