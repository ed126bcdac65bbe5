// Manages the directory in which layers are packed; leftovers of killed runs are removed by the next run.

import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { abandonedIn } from "@spack-oci/spack-store";

const NAME = /^spack-oci-layers-(.+)\.(\d+)-\w{6}$/;

/** Runs `work` with a new directory, and removes the directory afterwards. */
export async function withScratch<T>(
  parent: string | undefined,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const place = parent ?? tmpdir();
  await sweep(place);
  const directory = await mkdtemp(join(place, `spack-oci-layers-${hostname()}.${process.pid}-`));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function sweep(place: string): Promise<void> {
  for (const path of await abandonedIn(place, NAME)) {
    try {
      await rm(path, { recursive: true, force: true });
    } catch (error) {
      // Temporary directories are shared: only an owner removes a directory.
      if (!["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
}
