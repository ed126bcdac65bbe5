// Connection pools, one per host: HTTP/1.1, with the certificates of the host, through a proxy if one is set.

import type { OnReadOpts } from "node:net";
import type { Dispatcher } from "undici";
import { trustingConnector } from "./connector.js";
import { proxyFor } from "./proxy.js";
import { readingConnector } from "./reading-socket.js";
import { readTls, type SecureConnectOptions, type TlsOptions } from "./tls.js";

/** What connections depend on. */
export interface DispatcherOptions {
  /** The time limit for connecting, in milliseconds. */
  readonly connectTimeout: number;
  /** The certificates for a host (`name` or `name:port`). */
  readonly tls: (host: string) => TlsOptions;
  /** The source of the proxy variables. */
  readonly environment: NodeJS.ProcessEnv;
}

/** The pools of a client. */
export interface Dispatchers {
  of(origin: string): Promise<Dispatcher>;
  /** Closes every connection once its request has ended. */
  close(): Promise<void>;
}

/** Creates a pool per host on its first request. Commands without requests never load undici, which takes a while. */
export function createDispatchers(options: DispatcherOptions): Dispatchers {
  const pools = new Map<string, Promise<Dispatcher>>();
  return {
    of(origin) {
      const pool = pools.get(origin) ?? createPool(origin, options);
      pools.set(origin, pool);
      return pool;
    },
    close: async () => {
      await Promise.all([...pools.values()].map(async (pool) => (await pool).close()));
      pools.clear();
    },
  };
}

async function createPool(
  origin: string,
  { connectTimeout, tls, environment }: DispatcherOptions,
): Promise<Dispatcher> {
  const { Agent, ProxyAgent, buildConnector } = await import("undici");
  const { protocol, host } = new URL(origin);
  const trust = protocol === "https:" ? readTls(tls(host), environment) : undefined;
  const connect = { timeout: connectTimeout, autoSelectFamily: true };
  // Fifty HTTP/1.1 sockets move blobs faster than one HTTP/2 connection.
  const http = { allowH2: false, pipelining: 1 } as const;
  const proxy = proxyFor(origin, environment);
  if (proxy === undefined) {
    if (trust === undefined) {
      const connectorWith = (onread: OnReadOpts) => buildConnector({ allowH2: false, ...connect, onread });
      return new Agent({ ...http, connect: readingConnector(connectorWith) });
    }
    const connectorWith = (secure: SecureConnectOptions) =>
      buildConnector({ allowH2: false, ...connect, ...secure });
    return new Agent({ ...http, connect: trustingConnector(trust, connectorWith) });
  }
  return new ProxyAgent({
    ...http,
    uri: proxy,
    connect,
    requestTls: { ...connect, ...trust?.full() },
    proxyTls: connect,
    // Most proxies refuse tunnels to http hosts; they forward the request itself.
    proxyTunnel: protocol === "https:",
  });
}
