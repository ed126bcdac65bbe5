// What @spack-oci/site offers to other packages.

export { readSiteCatalog } from "./catalog/read-catalog.js";
export { readFindings } from "./catalog/read-findings.js";
export {
  CATALOG_VERSION,
  type SiteCatalog,
  type SiteFile,
  type SiteFinding,
  type SiteImage,
  type SitePackage,
  type SiteSpec,
} from "./catalog/site-catalog.js";
export { siteSpec } from "./catalog/site-spec.js";
export { type ServedSite, serveSite } from "./serve/serve-site.js";
export { claimSiteDirectory } from "./write/claim-directory.js";
export { type SiteSize, writeSite } from "./write/write-site.js";
