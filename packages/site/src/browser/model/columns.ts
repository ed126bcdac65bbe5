// The columns of the table.

import { dayText, sizeText } from "./labels.js";
import type { SiteModel } from "./site-model.js";

export interface Column {
  readonly name: string;
  readonly title: string;
  readonly text: (site: SiteModel, row: number) => string;
  /** What rows are sorted by. */
  readonly key: (site: SiteModel, row: number) => string | number;
  readonly isNumber?: true;
}

/** The first one is a link to the build. */
export const COLUMNS: readonly Column[] = [
  textColumn("name", "Package", ({ labels }, row) => labels.name(row)),
  {
    name: "version",
    title: "Version",
    text: ({ labels }, row) => labels.version(row),
    key: ({ labels }, row) => labels.version(row).replaceAll(/\d+/g, (digits) => digits.padStart(12, "0")),
  },
  textColumn("variants", "Variants", ({ labels }, row) => labels.parameters(row)),
  textColumn("compiler", "Compiler", ({ labels }, row) => labels.compiler(row)),
  textColumn("target", "Target", ({ labels }, row) => labels.target(row)),
  textColumn("os", "OS", ({ labels }, row) => labels.os(row)),
  {
    name: "size",
    title: "Size",
    isNumber: true,
    text: ({ table }, row) => sizeText(table.size[row] ?? -1),
    key: ({ table }, row) => table.size[row] ?? -1,
  },
  {
    name: "pushed",
    title: "Pushed",
    isNumber: true,
    text: ({ table }, row) => dayText(table.packed[row] ?? -1),
    key: ({ table }, row) => table.packed[row] ?? -1,
  },
  textColumn("hash", "Hash", ({ labels }, row) => labels.hash(row).slice(0, 7)),
];

function textColumn(name: string, title: string, text: Column["text"]): Column {
  return { name, title, text, key: text };
}
