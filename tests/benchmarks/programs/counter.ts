// Adds up the cost of the parts of a program that count.

import { writeFileSync } from "node:fs";

export class Counter {
  #seconds = 0;
  #processorSeconds = 0;

  /** Adds the cost of some work. */
  async count(work: () => Promise<void> | void): Promise<void> {
    const [began, before] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(before);
    this.#seconds += (performance.now() - began) / 1000;
    this.#processorSeconds += (user + system) / 1e6;
  }

  /** Writes it as `ShellCommand.costFile` has it. */
  write(path: string): void {
    writeFileSync(path, JSON.stringify({ seconds: this.#seconds, processorSeconds: this.#processorSeconds }));
  }
}
