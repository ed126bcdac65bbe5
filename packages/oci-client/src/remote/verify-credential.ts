// Tries a credential before it is stored, by asking the registry whether it accepts it.

import { SpackOciError } from "@spack-oci/errors";
import { statusError } from "../http/status-error.js";
import { apiHost } from "../quirks/host-names.js";
import { createRegistryClient, type RegistryClientOptions } from "../transport/client.js";

/**
 * Requests `/v2/` of a host with a credential (distribution specification, "Determining Support").
 *
 * @throws SpackOciError of kind `denied` if it is rejected, `unsupported` if the host is not a registry.
 */
export async function verifyCredential(
  host: string,
  credential: { readonly username: string; readonly password: string },
  options: Omit<RegistryClientOptions, "credentials"> & { readonly scheme?: "https" | "http" } = {},
): Promise<void> {
  const { scheme = "https", ...clientOptions } = options;
  const given = { kind: "basic" as const, ...credential, source: "as given" };
  const client = createRegistryClient({ ...clientOptions, credentials: () => given });
  try {
    const request = {
      method: "GET" as const,
      url: `${scheme}://${apiHost(host)}/v2/`,
      repository: "",
      scopes: [],
      place: host,
    };
    const response = await client.send(request);
    if (response.status === 404) throw notARegistry(host);
    if (response.status !== 200) throw statusError(response, request);
  } finally {
    await client.close();
  }
}

function notARegistry(host: string): SpackOciError {
  return new SpackOciError("ERR_OCI_NO_REGISTRY", `${host} is not an OCI registry: it has no /v2/.`, {
    kind: "unsupported",
    place: host,
    hint: "Check the host name and port.",
  });
}
