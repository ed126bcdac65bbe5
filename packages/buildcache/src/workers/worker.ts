// What worker threads run: the tasks of this package that need nothing but bytes.

import { freeMemory } from "@spack-oci/files";
import workerpool from "workerpool";
import { stageLayer } from "../prefix-writing/stage-layer.js";
import { writePackage } from "../prefix-writing/write-package.js";
import { toPlainError } from "./plain-error.js";
import type { TaskOutcome, Tasks } from "./tasks.js";

const tasks: Tasks = {
  stageLayer,
  writePackage: async (layer, task) => {
    const bytes = Buffer.from(layer.buffer, layer.byteOffset, layer.byteLength);
    try {
      return await writePackage(bytes, task);
    } finally {
      // A copy for this thread.
      freeMemory(bytes);
    }
  },
};

workerpool.worker({
  run: async (name: keyof Tasks, ...args: unknown[]): Promise<TaskOutcome<keyof Tasks>> => {
    try {
      const run = tasks[name] as unknown as (...args: unknown[]) => ReturnType<Tasks[keyof Tasks]>;
      return { value: await run(...args) };
    } catch (error) {
      return { error: toPlainError(error) };
    }
  },
});
