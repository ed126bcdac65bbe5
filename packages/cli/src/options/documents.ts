// Options of a push for documents that are attached to images.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildResource, ProvenanceRequest, Session } from "@spack-oci/buildcache";
import { BILL_FORMATS } from "@spack-oci/buildcache/limits";
import { SpackOciError } from "@spack-oci/errors";
import { flag } from "../declaration/parameter.js";
import { ciBuild } from "../process/ci-build.js";
import { thisTool } from "./bills.js";

export const DOCUMENT_OPTIONS = {
  sbom: flag("--sbom", "attach bills of materials (SPDX and CycloneDX) to the images"),
  provenance: flag("--provenance", "in a CI job, attach statements about how the packages were built (SLSA)"),
};

/** What to attach, as requested by {@link DOCUMENT_OPTIONS}. */
export async function documentRequests(
  { sbom, provenance }: { readonly sbom: boolean; readonly provenance: boolean },
  session: Session,
) {
  return {
    bills: sbom ? { formats: BILL_FORMATS, tool: thisTool() } : undefined,
    provenance: provenance ? await provenanceRequest(session) : undefined,
  };
}

/** @throws SpackOciError `ERR_NO_CI_JOB` (`usage`) */
async function provenanceRequest({ environmentVariables, spack }: Session): Promise<ProvenanceRequest> {
  const build = ciBuild(environmentVariables);
  if (build === undefined) throw noJob();
  const { environment } = spack;
  const lock = environment?.lockfile === undefined ? [] : [await lockfileOf(environment.path)];
  return { build: { ...build, dependencies: [...build.dependencies, ...lock] }, tool: thisTool() };
}

async function lockfileOf(directory: string): Promise<BuildResource> {
  const bytes = await readFile(join(directory, "spack.lock"));
  return { name: "spack.lock", digest: { sha256: createHash("sha256").update(bytes).digest("hex") } };
}

function noJob(): SpackOciError {
  const message = "--provenance needs a job of GitHub Actions or GitLab CI: none of their variables are set.";
  return new SpackOciError("ERR_NO_CI_JOB", message, {
    kind: "usage",
    hint: "Leave out --provenance, or pass the variables of the job on to this command.",
  });
}
