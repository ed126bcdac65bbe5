// Selects the proxy for a request from the variables that curl and most other tools read.

import { BlockList, isIP } from "node:net";
import { SpackOciError } from "@spack-oci/errors";

/**
 * The proxy for an origin, or undefined to connect directly. Reads `https_proxy`, `http_proxy`, `all_proxy` and
 * `no_proxy`, lower case first; `HTTP_PROXY` is ignored if a web server may have set it (`REQUEST_METHOD`).
 *
 * @throws SpackOciError of kind `usage`, code `ERR_OCI_PROXY`, if the variable is not an http or https URL.
 */
export function proxyFor(origin: string, environment: NodeJS.ProcessEnv): string | undefined {
  const { protocol, hostname, port } = new URL(origin);
  if (isExcepted(hostname, port || (protocol === "https:" ? "443" : "80"), read(environment, "no_proxy"))) {
    return undefined;
  }
  const name = protocol === "https:" ? "https_proxy" : "http_proxy";
  const proxy = read(environment, name) || read(environment, "all_proxy");
  return proxy ? proxyUrl(proxy, name) : undefined;
}

function read(environment: NodeJS.ProcessEnv, name: string): string {
  const fromWebServer = name === "http_proxy" && environment["REQUEST_METHOD"] !== undefined;
  return environment[name] ?? (fromWebServer ? undefined : environment[name.toUpperCase()]) ?? "";
}

function proxyUrl(text: string, name: string): string {
  const url = text.includes("://") ? text : `http://${text}`;
  if (isUsable(url)) return url;
  throw new SpackOciError("ERR_OCI_PROXY", `The variable ${name} is not the URL of a proxy.`, {
    kind: "usage",
    place: name,
    hint: "Write http://host:port.",
  });
}

/** The user name and password must be percent-encoded: they are decoded for the Proxy-Authorization header. */
function isUsable(url: string): boolean {
  try {
    const { protocol, username, password } = new URL(url);
    decodeURIComponent(`${username}:${password}`);
    return /^https?:$/.test(protocol);
  } catch {
    return false; // the caller reports the variable
  }
}

/**
 * The rules of curl's `no_proxy`: `*`, hosts, domains with or without a leading dot, each with an optional port, and
 * networks such as `10.0.0.0/8`.
 */
function isExcepted(hostname: string, port: string, exceptions: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, "");
  return exceptions
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      if (entry.includes("/")) return isInSubnet(host, entry);
      const [, name = entry, onlyPort] =
        /^(.*?)(?::(\d+))?$/.exec(entry.replace(/^\[([^\]]*)\]/, "$1")) ?? [];
      if (onlyPort !== undefined && onlyPort !== port && !name.includes(":")) return false;
      const domain = name.toLowerCase().replace(/^\*?\./, "");
      return host === domain || host === entry.toLowerCase() || host.endsWith(`.${domain}`);
    });
}

function isInSubnet(host: string, subnet: string): boolean {
  const [network = "", bits = ""] = subnet.split("/");
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family === 4 ? "ipv4" : "ipv6");
  return list.check(host, family === 4 ? "ipv4" : "ipv6");
}
