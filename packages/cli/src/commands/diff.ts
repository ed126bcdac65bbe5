// spack-oci diff: the differences between two buildcaches.

import type { DiffResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { mirrorArgument, secondMirrorArgument } from "../options/mirror.js";
import { EXIT_STATUS, statusOf } from "../process/exit-status.js";
import { tagErrorsToJson } from "../render/package-index.js";
import { formatPackage, packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";

const EXIT_STATUSES = `\
Exit status: 0 identical; 7 different (1 means failure); 6 no differences found,
but some tags could not be compared.`;

export const diffCommand = defineCommand({
  name: "diff",
  summary: "Show the differences between two buildcaches.",
  examples: [
    { purpose: "Compare two buildcaches", line: "diff mochi oci://ghcr.io/me/cache" },
    {
      purpose: "Compare with a copy in a directory, for scripts",
      line: "diff mochi oci-layout:backup --json",
    },
  ],
  arguments: { a: mirrorArgument("first"), b: secondMirrorArgument("second") },
  options: {},
  notes: EXIT_STATUSES,
  async run({ a, b }, context) {
    const { diff, isSame } = await import("@spack-oci/buildcache");
    const open = (mirror: string) => context.session.mirrors.open(mirror, "fetch", { direct: true });
    const result = await diff(open(a), { other: open(b) }, context);
    return renderDiff(result, { a, b, isSame: isSame(result) });
  },
});

/** What was compared, and whether no difference was found. */
interface Comparison {
  readonly a: string;
  readonly b: string;
  readonly isSame: boolean;
}

export function renderDiff(result: DiffResult, comparison: Comparison): CommandResult {
  const unknown = result.unreadable.length > 0 ? statusOf("unreachable") : EXIT_STATUS.done;
  return {
    json: toJson(result),
    lines: toLines(result, comparison),
    status: comparison.isSame ? unknown : EXIT_STATUS.different,
  };
}

function toJson({ index, unreadable, ...result }: DiffResult) {
  return {
    ...result,
    unreadable: tagErrorsToJson(unreadable),
    index: {
      onlyInA: index.onlyInA.map(packageToJson),
      onlyInB: index.onlyInB.map(packageToJson),
      different: index.different.map(packageToJson),
    },
  };
}

function toLines(result: DiffResult, { a, b }: Comparison): string[] {
  const { onlyInA, onlyInB, same, different, unreadable, index } = result;
  return [
    ...onlyInA.map((tag) => `only in ${a}: ${tag}`),
    ...onlyInB.map((tag) => `only in ${b}: ${tag}`),
    ...different.map(({ tag, parts }) => `different (${parts.join(", ")}): ${tag}`),
    ...unreadable.map(({ tag, error }) => `not compared: ${tag}: ${error.message}`),
    ...index.onlyInA.map((node) => `only in the index of ${a}: ${formatPackage(node)}`),
    ...index.onlyInB.map((node) => `only in the index of ${b}: ${formatPackage(node)}`),
    ...index.different.map((node) => `different in the indexes: ${formatPackage(node)}`),
    `Tags in both: ${same.length} identical, ${different.length} different.`,
  ];
}
