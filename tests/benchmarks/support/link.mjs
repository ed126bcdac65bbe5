// A slow link to a port of this machine: `node link.mjs PORT ROUND_TRIP_MILLISECONDS MEGABITS_PER_SECOND`.
//
// It runs in a separate process, so that it does not take time from what is measured. Every byte arrives half a round
// trip after it was sent, all connections share the rate of their direction, and connecting takes one round trip.
// Congestion control is not simulated: a connection may use the whole rate from the start.

import { connect, createServer } from "node:net";

const [port, roundTrip, megabits] = process.argv.slice(2).map(Number);
const bytesPerMillisecond = (megabits * 1e6) / 8 / 1000;
/** How many bytes of a connection may be in flight in one direction: as many as fit into the link, and a few more. */
const WINDOW = bytesPerMillisecond * roundTrip + 256 * 1024;

/** One direction of the link. */
class Lane {
  /** When the link has transmitted everything so far. */
  #free = 0;

  /** Carries data from `from` to `to`, but nothing before `start`. */
  carry(from, to, start) {
    const queue = [];
    let inFlight = 0;
    let timer;
    const deliver = () => {
      timer = undefined;
      while (queue.length > 0 && queue[0].at <= performance.now()) {
        const { chunk } = queue.shift();
        if (chunk === undefined) to.end();
        else to.write(chunk);
        inFlight -= chunk?.length ?? 0;
      }
      if (inFlight < WINDOW && !to.writableNeedDrain) from.resume();
      schedule();
    };
    const schedule = () => {
      if (queue.length > 0) timer ??= setTimeout(deliver, Math.max(0, queue[0].at - performance.now()));
    };
    const send = (chunk) => {
      this.#free = Math.max(performance.now(), this.#free) + (chunk?.length ?? 0) / bytesPerMillisecond;
      queue.push({ at: Math.max(this.#free, start) + roundTrip / 2, chunk });
      schedule();
    };
    from.on("data", (chunk) => {
      inFlight += chunk.length;
      if (inFlight >= WINDOW) from.pause();
      send(chunk);
    });
    to.on("drain", () => inFlight < WINDOW && from.resume());
    from.on("end", () => send(undefined));
    from.on("error", () => to.destroy());
    to.on("close", () => clearTimeout(timer));
  }
}

const [up, down] = [new Lane(), new Lane()];
const server = createServer({ allowHalfOpen: true }, (near) => {
  const far = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  for (const socket of [near, far]) socket.setNoDelay(true);
  const established = performance.now() + roundTrip;
  up.carry(near, far, established);
  down.carry(far, near, established);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
// Closing standard input ends it, which also happens when its parent is killed.
process.stdin.resume().once("close", () => process.exit());
