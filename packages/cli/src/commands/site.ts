// spack-oci site: a static web site that shows what a buildcache holds.

import { resolve } from "node:path";
import type { SiteResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { flag, parsed, repeated, requiredArgument, withDefault } from "../declaration/parameter.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { wholeNumber } from "../options/whole-number.js";
import { findingLines, statusOfFindings } from "../render/findings.js";
import type { CommandResult } from "../render/result.js";
import { formatBytes, formatCount } from "../render/units.js";

const NOTES = `\
The site needs no server: open DIRECTORY/index.html, or publish the directory,
for example with GitHub Pages. A later run into the same directory reads only
images that are new or have changed.

Exit status: 0 ok; 5 missing or corrupt packages found; 6 no problems found, but
some packages could not be read. The site is written in all of these cases.`;

const MAX_PORT = 65_535;

export const siteCommand = defineCommand({
  name: "site",
  summary: "Write a web site that shows what a mirror holds.",
  examples: [
    { purpose: "Write a site, and look at it", line: "site mochi public --serve" },
    {
      purpose: "Show the problems that a check found, too",
      line: "site mochi public --findings check.json",
    },
  ],
  arguments: {
    mirror: MIRROR_ARGUMENT,
    directory: requiredArgument("directory", "a new or empty directory, or that of an older site"),
  },
  options: {
    files: flag("--files", "find the largest files of each package, which reads whole layers"),
    findings: repeated("--findings <file>", "what check or audit printed with --json; may be repeated"),
    serve: flag("--serve", "then serve the site to this machine until interrupted"),
    port: withDefault(
      parsed("--port <number>", "port to serve it at; 0 for any", wholeNumber({ min: 0, max: MAX_PORT })),
      0,
    ),
  },
  notes: NOTES,
  async run({ mirror, directory, files, findings = [], serve, port }, { session, run }) {
    const { site } = await import("@spack-oci/buildcache");
    const { readFindings, serveSite } = await import("@spack-oci/site");
    const request = { directory: resolve(directory), files, findings: findings.flatMap(readFindings) };
    const result = await site(session.mirrors.open(mirror, "fetch"), request, { run });
    if (!serve) return renderSite(result);
    const served = await serveSite(request.directory, port);
    const afterwards = async () => {
      await interruption(run.signal);
      await served.close();
    };
    return { ...renderSite(result, served.url), afterwards };
  },
});

/** @param url where the site is served */
export function renderSite(result: SiteResult, url?: string): CommandResult {
  const { directory, packages, read, findings, size } = result;
  const images = `read ${formatCount(read, "image")}, ${packages - read} unchanged`;
  return {
    json: { directory, packages, read, findings, size, url: url ?? null },
    lines: [
      ...findings.flatMap(findingLines),
      `Wrote a site of ${formatCount(packages, "package")} to ${directory}: ${images}.`,
      `A visitor loads ${formatBytes(size.page)} and then ${formatBytes(size.data)} of data, before compression.`,
      ...(url === undefined ? [] : [`Serving it at ${url} until you press Ctrl-C.`]),
    ],
    status: statusOfFindings(findings),
  };
}

/** Never, without a signal. */
function interruption(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    if (signal?.aborted) done();
    signal?.addEventListener("abort", () => done(), { once: true });
  });
}
