// spack-oci mirror set: changes a mirror in Spack's configuration.

import { defineCommand } from "../declaration/command.js";
import { flag, text } from "../declaration/parameter.js";
import { MIRROR_NAME_ARGUMENT } from "../options/mirror.js";
import { MIRROR_SETTINGS, mirrorChanges, SCOPE_OPTION } from "../options/mirror-settings.js";
import { EXIT_STATUS } from "../process/exit-status.js";
import { rejectUnlikelyUrl } from "./mirror-add.js";

export const mirrorSetCommand = defineCommand({
  name: "mirror set",
  summary: "Change a mirror in Spack's configuration.",
  examples: [
    { purpose: "Move a mirror", line: "mirror set mochi --url oci://ghcr.io/me/cache" },
    { purpose: "Let Spack push to it after each installation", line: "mirror set mochi --autopush" },
  ],
  arguments: { name: MIRROR_NAME_ARGUMENT },
  options: {
    scope: SCOPE_OPTION,
    url: text("--url <url>", "where the mirror is"),
    push: flag("--push", "change only how to push to it"),
    fetch: flag("--fetch", "change only how to read from it"),
    ...MIRROR_SETTINGS,
    noAutopush: flag("--no-autopush", "do not let Spack push to it after each installation"),
  },
  async run({ name, scope, url, push, fetch, noAutopush, ...settings }, { session }) {
    const { setMirror } = await import("@spack-oci/spack-config");
    if (url !== undefined) rejectUnlikelyUrl(url);
    const direction = push ? "push" : fetch ? "fetch" : undefined;
    const changes = mirrorChanges(settings);
    const autopush = noAutopush ? false : changes.autopush;
    const { configuration } = session.spack;
    const edit = setMirror(configuration, { name, scope, direction }, { ...changes, url, autopush });
    return {
      json: { name, changed: edit !== undefined, ...edit },
      lines: [
        edit === undefined ? `Mirror ${name} is unchanged.` : `Changed mirror ${name} in ${edit.file}.`,
      ],
      status: EXIT_STATUS.done,
    };
  },
});
