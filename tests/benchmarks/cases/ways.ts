// The connection between a case and its registry: direct, or the slow link.

import { LINK, type Surroundings } from "../support/surroundings.js";

/** How a case reaches its registry. */
export interface Way {
  /** Suffix of the case's name. */
  readonly suffix: string;
  /** Suffix of its title. */
  readonly title: string;
  /** Returns a function that gives the location of a buildcache at the other end. */
  open(surroundings: Surroundings): Promise<(mirror: string) => string>;
}

export const ways: Readonly<Record<"direct" | "link", Way>> = {
  direct: { suffix: "", title: "", open: async () => (mirror) => mirror },
  link: {
    suffix: "-link",
    title: ` over a link with ${LINK.roundTrip} ms and ${LINK.megabits} Mbit/s`,
    open: (surroundings) => surroundings.openLink(),
  },
};
