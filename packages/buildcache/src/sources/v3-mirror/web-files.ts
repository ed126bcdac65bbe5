// Reads a Spack v3 mirror on a web server.

import { hideUserinfo } from "@spack-oci/errors";
import { openUrl, type RegistryClient, readUrl } from "@spack-oci/oci-client";
import { MAX_MIRROR_FILE_SIZE } from "../../failures/content-limits.js";
import { blobPath } from "./layout.js";
import type { MirrorFiles } from "./mirror-files.js";

/** @param base the mirror's URL */
export function webFiles(base: string, client: RegistryClient): MirrorFiles {
  const name = base.replace(/\/+$/, "");
  const url = (path: string) => `${name}/${path.split("/").map(encodeURIComponent).join("/")}`;
  return {
    name: hideUserinfo(name),
    read: (path, options = {}) => readUrl(client, url(path), { ...options, limit: MAX_MIRROR_FILE_SIZE }),
    open(record, options) {
      const [algorithm = "", checksum = ""] = record.digest.split(":");
      return openUrl(client, { ...record, url: url(blobPath(algorithm, checksum)) }, options);
    },
    specManifests: async () => undefined,
  };
}
