// Tables of package indexes as files, so that an index is scanned only once.

import { createHash } from "node:crypto";
import { COLUMNS, EDGE_COLUMNS, type IndexTable } from "./index-table.js";
import { TextPool } from "./text-pool.js";

/** Changes with the layout, the columns, and whatever the scan decides. Also shows the byte order. */
const FORMAT = 0x0c1d0001;

/** Numbers before the table: the format, the version, and the sizes of the four arrays. */
const HEADER = 6;

const DIGEST = 32;

/** The bytes of a table. They are for the same machine. */
export function formatTable({ version, texts, records, edges }: IndexTable): Buffer {
  const { bytes, ends } = texts.toArrays();
  const sizes = [records.length, edges.length, ends.length, bytes.length];
  const header = Int32Array.from([FORMAT, version, ...sizes]);
  const parts = [header, records, edges, ends, bytes].map((each) =>
    Buffer.from(each.buffer, each.byteOffset, each.byteLength),
  );
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return Buffer.concat([...parts, hash.digest()]);
}

/** The table in bytes of `formatTable`; undefined if they are damaged, or from another version of this project. */
export function parseTable(bytes: Buffer): IndexTable | undefined {
  // Arrays of numbers must be aligned.
  const file = bytes.byteOffset % 4 === 0 ? bytes : Buffer.concat([bytes]);
  const end = file.length - DIGEST;
  if (end < HEADER * 4) return undefined;
  const header = new Int32Array(file.buffer, file.byteOffset, HEADER);
  const [format, version = 0, records = 0, edges = 0, ends = 0, texts = 0] = header;
  if (format !== FORMAT || end !== (HEADER + records + edges + ends) * 4 + texts) return undefined;
  if (records % COLUMNS !== 0 || edges % EDGE_COLUMNS !== 0) return undefined;
  const digest = createHash("sha256").update(file.subarray(0, end)).digest();
  if (!digest.equals(file.subarray(end))) return undefined;
  let at = file.byteOffset + HEADER * 4;
  const take = (length: number): number => {
    at += length * 4;
    return at - length * 4;
  };
  return {
    version,
    records: new Int32Array(file.buffer, take(records), records),
    edges: new Int32Array(file.buffer, take(edges), edges),
    texts: TextPool.from({
      ends: new Uint32Array(file.buffer, take(ends), ends),
      bytes: new Uint8Array(file.buffer, at, texts),
    }),
  };
}
