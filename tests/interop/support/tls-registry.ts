// A registry with a certificate, because Spack 1.2 reads the index of a buildcache only at oci://.

import { createRegistryClient, ImageLayout, openTarget } from "@spack-oci/oci-client";
import { makeCertificates } from "../../support/certificates.js";
import { copyTarget } from "../../support/copy-target.js";
import { fixture } from "../../support/fixtures.js";
import { distributionProducts, startRegistryProcess } from "../../support/registry-process.js";
import { startTestRegistry } from "../../support/test-registry/test-registry.js";

/** A running registry, and the file of the authority that signed its certificate. */
export interface TlsRegistry {
  readonly product: string;
  readonly authority: string;
  location(repository: string): string;
  stop(): Promise<void>;
}

const OWN = "the test registry";

if (distributionProducts.length === 0)
  console.log(
    "skipped: Spack against a real registry, because neither docker-registry nor registry is on PATH",
  );

/** Distribution's registries if available, otherwise the tests' own. */
export const tlsProducts: readonly string[] =
  distributionProducts.length === 0 ? [OWN] : distributionProducts;

/** Starts one of {@link tlsProducts}, by default the first. */
export async function startTlsRegistry(product: string = tlsProducts[0] ?? OWN): Promise<TlsRegistry> {
  const { authority, server, remove } = await makeCertificates();
  if (product === OWN) {
    const registry = await startTestRegistry({ tls: { key: server.key, cert: server.certificate } });
    return {
      product,
      authority: authority.certificateFile,
      location: (name) => registry.location(name),
      stop: () => registry.close().then(remove),
    };
  }
  const registry = await startRegistryProcess(product, {
    tls: { certificate: server.certificateFile, key: server.keyFile },
  });
  return {
    product,
    authority: authority.certificateFile,
    location: (name) => registry.location(name),
    stop: () => registry.stop().then(remove),
  };
}

/** Copies the sample buildcache, which a real Spack pushed, to a repository. */
export async function copySamplesTo(registry: TlsRegistry, repository: string): Promise<void> {
  const client = createRegistryClient({ tls: () => ({ caFiles: [registry.authority] }) });
  await copyTarget(
    new ImageLayout(fixture("oci-layout-main")),
    openTarget(registry.location(repository), { client }),
  );
}
