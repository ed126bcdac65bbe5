// Finds the Info.plist that programs without a bundle have in a section.

import type { MachOSlice } from "../macho-file.js";

export function infoPlistOf({ segments, reader }: MachOSlice): Buffer | undefined {
  const text = segments.find(({ name }) => name === "__TEXT");
  const section = text?.sections.find(({ name }) => name === "__info_plist");
  return section && reader.read(section.offset, section.size);
}
