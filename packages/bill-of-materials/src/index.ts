// What @spack-oci/bill-of-materials offers to other packages.

export type { Artifact, BillOfMaterials, ImageLocation, PackageFacts, Source, Tool } from "./bill/bill.js";
export { type BillRequest, makeBill, packagesInBill } from "./bill/make-bill.js";
export { BILL_FORMAT_DESCRIPTIONS, BILL_FORMATS, type BillFormat, formatBill } from "./formats.js";
export type { BuildRecord, BuildResource } from "./provenance/build-record.js";
export {
  formatProvenance,
  PROVENANCE_TYPE,
  provenancePredicate,
  STATEMENT_TYPE,
} from "./provenance/provenance-statement.js";
