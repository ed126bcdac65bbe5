// The ranges in partial answers, which registries write in several ways.

/** The first byte of a `Content-Range` (`bytes 5-9/10`); undefined if it has none. */
export function parseContentRange(header: string | undefined): number | undefined {
  const match = /^\s*(?:bytes[ =])?\s*(\d+)-\d*(?:\/(?:\d+|\*))?\s*$/i.exec(header ?? "");
  return match === null ? undefined : Number(match[1]);
}

/**
 * How many bytes an upload session holds, from its `Range` header (`0-99` or `bytes=0-99`); undefined if it is
 * malformed.
 */
export function parseUploadedRange(header: string | undefined): number | undefined {
  const match = /^\s*(?:bytes[ =])?\s*(\d+)-(\d+)\s*$/i.exec(header ?? "");
  if (match === null || Number(match[1]) !== 0) return undefined;
  return Number(match[2]) + 1;
}
