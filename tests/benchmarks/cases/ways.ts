// Between a case and its registry there is nothing, or the slow link.
import { LINK, type Surroundings } from "../support/surroundings.js";

/** How a case gets to its registry. */
export interface Way {
  /** Of the name of a case. */
  readonly suffix: string;
  /** Of its title. */
  readonly title: string;
  /** What names a mirror at the end of the way. */
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
