// A slow link to a port of this machine: `node link.mjs PORT ROUND_TRIP_MILLISECONDS MEGABITS_PER_SECOND`.
//
// It is a process of its own, so that it does not take the time of what is measured. Every byte comes half a round trip later
// than it went, all connections share the rate of their direction, and a connection takes a round trip to come about. Congestion
// control is not imitated: a connection may use the whole rate from its beginning.

import { connect, createServer } from "node:net";

const [port, roundTrip, megabits] = process.argv.slice(2).map(Number);
const bytesPerMillisecond = (megabits * 1e6) / 8 / 1000;
/** What a connection may have under way in one direction: what fits into the link, and a little more. */
const WINDOW = bytesPerMillisecond * roundTrip + 256 * 1024;

/** One direction of the link. */
class Lane {
  /** When the link is through with everything so far. */
  #free = 0;

  /** Carries what `from` sends to `to`, at first not before `start`. */
  carry(from, to, start) {
    const queue = [];
    let underWay = 0;
    let timer;
    const deliver = () => {
      timer = undefined;
      while (queue.length > 0 && queue[0].at <= performance.now()) {
        const { chunk } = queue.shift();
        if (chunk === undefined) to.end();
        else to.write(chunk);
        underWay -= chunk?.length ?? 0;
      }
      if (underWay < WINDOW && !to.writableNeedDrain) from.resume();
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
      underWay += chunk.length;
      if (underWay >= WINDOW) from.pause();
      send(chunk);
    });
    to.on("drain", () => underWay < WINDOW && from.resume());
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
// Whoever started it ends it by closing its standard input, also where they were killed.
process.stdin.resume().once("close", () => process.exit());
