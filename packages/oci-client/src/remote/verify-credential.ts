// Tries a credential before it is stored, by asking the registry whether it lets one in.
import { SpackOciError } from "@spack-oci/errors";
import { apiHost } from "../http/quirks.js";
import { statusError } from "../http/status-error.js";
import { createRegistryClient, type RegistryClientOptions } from "../transport/client.js";

/**
 * Asks `/v2/` of a host with a credential (distribution specification, "Determining Support").
 *
 * @throws SpackOciError of kind `denied` when it is refused, `unsupported` when the host is no registry.
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
    if (response.status === 404) throw noRegistry(host);
    if (response.status !== 200) throw statusError(response, request);
  } finally {
    await client.close();
  }
}

function noRegistry(host: string): SpackOciError {
  return new SpackOciError(
    "ERR_OCI_NO_REGISTRY",
    `${host} does not speak the registry protocol: it has no /v2/`,
    {
      kind: "unsupported",
      place: host,
      hint: "Check the host's name and port.",
    },
  );
}
