// spack-oci mirror list: the mirrors in Spack's configuration.

import { hideUserinfo } from "@spack-oci/errors";
import type { MirrorEntry } from "@spack-oci/spack-config";
import { defineCommand } from "../declaration/command.js";
import { SCOPE_OPTION } from "../options/mirror-settings.js";
import { EXIT_STATUS } from "../process/exit-status.js";
import type { CommandResult } from "../render/result.js";

export const mirrorListCommand = defineCommand({
  name: "mirror list",
  summary: "List the mirrors in Spack's configuration, in the order in which Spack tries them.",
  examples: [
    { purpose: "List all mirrors", line: "mirror list" },
    { purpose: "List only those in your own configuration", line: "mirror list --scope user" },
  ],
  arguments: {},
  options: { scope: SCOPE_OPTION },
  async run({ scope }, { session }) {
    return renderMirrors(session.spack.configuration.mirrors({ scope }));
  },
});

export function renderMirrors(mirrors: readonly MirrorEntry[]): CommandResult {
  const width = Math.max(0, ...mirrors.map(({ name }) => name.length));
  const described = mirrors.map(({ name, source, binary, signed, autopush, connection }) => {
    const [fetch, push] = [connection("fetch").url, connection("push").url].map(hideUserinfo);
    return { name, fetch, push, source, binary, signed, autopush };
  });
  const lines = described.map(({ name, fetch, push, source, binary }) => {
    const url = fetch === push ? fetch : `fetch: ${fetch} push: ${push}`;
    return `${name.padEnd(width)} [${source ? "s" : " "}${binary ? "b" : " "}] ${url}`;
  });
  return {
    json: described,
    lines:
      lines.length > 0
        ? lines
        : ["No mirrors configured; `spack-oci mirror add NAME oci://HOST/PATH` adds one."],
    status: EXIT_STATUS.done,
  };
}
