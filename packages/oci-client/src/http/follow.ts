// Where a registry may send this client: Location and Link headers and realms are untrusted input.

import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { SpackOciError } from "@spack-oci/errors";

/** Decides whether to follow a URL named by `from`; rejects with kind `denied`, code `ERR_OCI_REDIRECT`. */
export type FollowPolicy = (from: string, to: string, place: string) => Promise<void>;

/**
 * Resolves a URL against the one that named it. A registry behind a TLS proxy may write http although it is reached
 * over https: on the same host, https is kept.
 *
 * @throws TypeError if it is not a URL.
 */
export function resolveUrl(target: string, base: string): string {
  const from = new URL(base);
  const to = URL.canParse(target, base) ? new URL(target, base) : undefined;
  if (to === undefined) throw new TypeError(`${JSON.stringify(target)} is not a URL`);
  const samePort = to.port === "" || to.port === from.port;
  if (from.protocol === "https:" && to.protocol === "http:" && to.hostname === from.hostname && samePort) {
    to.protocol = "https:";
    to.port = from.port;
  }
  return to.href;
}

/** Follows only http and https, never from https to http, and never from a public host to a private address. */
export const followPolicy: FollowPolicy = async (from, to, place) => {
  const source = new URL(from);
  const target = new URL(to);
  const reject = (why: string) => redirectError(place, `${source.host} leads to ${target.origin}: ${why}`);
  if (source.origin === target.origin) return;
  if (target.protocol !== "https:" && target.protocol !== "http:") {
    throw reject("only http and https are followed");
  }
  if (source.protocol === "https:" && target.protocol === "http:") {
    throw reject("https must not lead to http");
  }
  if (source.hostname === target.hostname) return;
  if ((await isPrivate(target.hostname)) && !(await isPrivate(source.hostname))) {
    throw reject("a public host must not redirect to a private address");
  }
};

const privateRanges = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const) {
  privateRanges.addSubnet(network, bits, "ipv4");
}
for (const [network, bits] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
] as const) {
  privateRanges.addSubnet(network, bits, "ipv6");
}

/** Whether a host name is, or resolves to, an address of a private network or of this machine. */
export async function isPrivate(hostname: string): Promise<boolean> {
  const name = hostname.replace(/^\[|\]$/g, "");
  if (isIP(name) !== 0) return isPrivateAddress(name);
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  try {
    return (await lookup(name, { all: true })).some(({ address }) => isPrivateAddress(address));
  } catch {
    return false; // only a proxy can resolve this name; if nobody can, the request itself fails
  }
}

function isPrivateAddress(address: string): boolean {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  return privateRanges.check(address, family);
}

function redirectError(place: string, what: string): SpackOciError {
  return new SpackOciError("ERR_OCI_REDIRECT", `${place}: ${what}.`, {
    kind: "denied",
    place,
    hint: "If you trust the target host, use it in the URL directly.",
  });
}
