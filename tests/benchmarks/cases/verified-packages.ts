// What it costs a pull to require signatures.

import { scratchDirectory } from "../../support/scratch.js";
import { writeKeys } from "../../support/signing-keys.js";
import { type BenchmarkCase, OURS } from "./benchmark-case.js";
import { ways } from "./ways.js";

/** The name in tables of a pull that requires signatures. */
export const VERIFIED = `${OURS} \`--verify-key\``;

export const verifiedPackages: BenchmarkCase = {
  name: "pull-verified-link",
  title: ({ many }) => `Pull ${many} small packages that are signed${ways.link.title}`,
  about:
    "Into an empty store, with an empty cache. The first row verifies nothing; the second verifies each package and the index, with a key (ECDSA P-256).",
  rivals: async (surroundings) => {
    const { many } = surroundings.settings;
    const { roots } = await surroundings.smallPackages(many);
    const open = await ways.link.open(surroundings);
    const mirror = open(await surroundings.filledMirror(many));
    const { key, pub } = writeKeys(scratchDirectory("verified-packages"), "benchmark");
    // Under the name by which it is read, which the signature of the index states.
    await surroundings.prepare("sign", mirror, "--key", key);
    const pull = (...options: readonly string[]) => surroundings.ourPull(mirror, ...roots, ...options);
    return [
      { name: OURS, prepare: () => pull() },
      { name: VERIFIED, prepare: () => pull("--verify-key", pub) },
    ];
  },
};
