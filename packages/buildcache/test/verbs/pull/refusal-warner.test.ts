// Warnings about attributes that a file system does not keep.

import { expect, it } from "vitest";
import type { BuildcacheEvent } from "../../../src/events/events.js";
import { refusalWarner } from "../../../src/verbs/pull/refusal-warner.js";

it("warns once of each attribute, however many files it concerns", () => {
  const events: BuildcacheEvent[] = [];
  const onRefusal = refusalWarner((event) => events.push(event), "/opt/spack");
  const cause = Object.assign(new Error("EPERM: operation not permitted"), { code: "EPERM" });
  for (let file = 0; file < 2; file += 1) onRefusal({ attribute: "time", cause });
  expect(events).toEqual([
    {
      type: "warning",
      message:
        "The file system does not let this program set modification times (EPERM). Packages are installed without them.",
      place: "/opt/spack",
    },
  ]);
  for (let file = 0; file < 2; file += 1) onRefusal({ attribute: "mode", cause });
  expect(events).toHaveLength(2);
});
