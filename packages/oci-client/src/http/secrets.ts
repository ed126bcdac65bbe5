// Basic authentication (RFC 7617), and the connections over which a secret may be sent at all.

/** The value of an Authorization header. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}

/**
 * Whether a secret may be sent to a URL: over https, to this machine itself, or to a host that the user allows by
 * name.
 */
export function maySendSecret(url: string, isAllowed: (host: string) => boolean): boolean {
  const { protocol, hostname, host } = new URL(url);
  return protocol === "https:" || isLoopback(hostname) || isAllowed(host);
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
