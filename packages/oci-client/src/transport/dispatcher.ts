// Connection pools, one per host: plain HTTP/1.1 with as many sockets as the gate lets through.
import { Agent, type Dispatcher } from "undici";

/** The pools of a client. */
export interface Dispatchers {
  of(origin: string): Dispatcher;
  /** Closes every connection once its request has ended. */
  close(): Promise<void>;
}

/** Makes a pool per host when it is first asked. */
export function createDispatchers(connectTimeout: number): Dispatchers {
  const pools = new Map<string, Dispatcher>();
  return {
    of(origin) {
      const pool = pools.get(origin) ?? createPool(connectTimeout);
      pools.set(origin, pool);
      return pool;
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

function createPool(connectTimeout: number): Dispatcher {
  // Fifty HTTP/1.1 sockets move blobs faster than one HTTP/2 connection.
  return new Agent({
    allowH2: false,
    pipelining: 1,
    connect: { timeout: connectTimeout, autoSelectFamily: true },
  });
}
