// The gate in front of a host: waits while the host is throttling, and limits concurrent requests.

import { type HttpResponse, originOf, type Send } from "../http/http.js";
import { isSecondaryRateLimit, requestedWait } from "../http/rate-limit.js";
import { onAbort } from "../storage/on-abort.js";
import type { Clock } from "./clock.js";
import { type HostPressure, laneOf, type PressureGauge } from "./pressure.js";

/** Puts a gate in front of every host that `next` sends to, and reads how the host reports its load. */
export function withGate(next: Send, gauge: PressureGauge, clock: Clock): Send {
  return (request) => {
    const host = gauge.of(originOf(request.url));
    return new Promise((resolve, reject) => {
      const release = onAbort(request.signal, () => reject(request.signal?.reason));
      const pass = async () => {
        try {
          request.signal?.throwIfAborted();
          await host.ready(request.signal);
          const response = await next(request);
          listen(host, response, clock);
          resolve(response);
          await streamed(response);
        } catch (error) {
          reject(error);
        } finally {
          release();
        }
      };
      host.enter(laneOf(request), pass).catch(reject);
    });
  };
}

/** Whether an answer says that the host gets too many requests. */
export function isThrottled({ status, body }: Pick<HttpResponse, "status" | "body">): boolean {
  return (
    status === 429 ||
    status === 503 ||
    (status === 403 && isSecondaryRateLimit(status, body.toString("utf8")))
  );
}

function listen(host: HostPressure, response: HttpResponse, clock: Clock): void {
  if (isThrottled(response)) {
    host.throttle(requestedWait(response, response.body.toString("utf8"), clock.now()));
  } else if (response.status < 500) {
    host.relax();
  }
}

/** Resolves when a streamed answer no longer occupies its slot. */
function streamed({ stream }: HttpResponse): Promise<void> {
  if (stream === undefined || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => stream.once("close", resolve));
}
