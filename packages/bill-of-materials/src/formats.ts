// The formats of bills of materials: their names, their media types, and their bytes.

import type { BillOfMaterials } from "./bill/bill.js";
import { toCycloneDx } from "./cyclonedx/to-cyclonedx.js";
import { toSpdx } from "./spdx/to-spdx.js";

/** The formats, as options name them. */
export const BILL_FORMATS = ["spdx", "cyclonedx"] as const;

export type BillFormat = (typeof BILL_FORMATS)[number];

interface FormatDescription {
  /** The media type (IANA), which is also the artifact type of a referrer. */
  readonly mediaType: string;
  /** What the name of a file ends with. */
  readonly extension: string;
}

export const BILL_FORMAT_DESCRIPTIONS: Readonly<Record<BillFormat, FormatDescription>> = {
  spdx: { mediaType: "application/spdx+json", extension: "spdx.json" },
  cyclonedx: { mediaType: "application/vnd.cyclonedx+json", extension: "cdx.json" },
};

/** The document as indented JSON; equal bills give equal bytes. */
export function formatBill(bill: BillOfMaterials, format: BillFormat): Buffer {
  const document = format === "spdx" ? toSpdx(bill) : toCycloneDx(bill);
  return Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
}
