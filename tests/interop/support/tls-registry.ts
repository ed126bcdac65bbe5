// A registry with a certificate, because Spack 1.2 reads the index of a buildcache only at oci://.

import { makeCertificates } from "../../support/certificates.js";
import { registryProducts, startRegistryProcess } from "../../support/registry-process.js";
import { startTestRegistry } from "../../support/test-registry/test-registry.js";

/** A running registry, and the file of the authority that signed its certificate. */
export interface TlsRegistry {
  readonly product: string;
  readonly authority: string;
  location(repository: string): string;
  stop(): Promise<void>;
}

/** Starts distribution's registry if available, otherwise the tests' own. */
export async function startTlsRegistry(): Promise<TlsRegistry> {
  const { authority, server, remove } = await makeCertificates();
  const product = registryProducts.find((name) => name !== "zot");
  if (product === undefined) {
    console.log(
      "skipped: Spack against a real registry, because neither docker-registry nor registry is on PATH",
    );
    const registry = await startTestRegistry({ tls: { key: server.key, cert: server.certificate } });
    return {
      product: "the test registry",
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
