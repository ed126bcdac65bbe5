// spack-oci mirror add: gives a mirror a name in Spack's configuration.

import { SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { requiredArgument } from "../declaration/parameter.js";
import { MIRROR_SETTINGS, mirrorChanges, SCOPE_OPTION } from "../options/mirror-settings.js";
import { EXIT_STATUS } from "../process/exit-status.js";

export const mirrorAddCommand = defineCommand({
  name: "mirror add",
  summary: "Name a mirror in Spack's configuration.",
  examples: [
    { purpose: "Name a buildcache in a registry", line: "mirror add mochi oci://ghcr.io/me/cache" },
    {
      purpose: "Take the password from a variable",
      line: "mirror add --oci-username me --oci-password-variable TOKEN mochi oci://ghcr.io/me/cache",
    },
  ],
  arguments: {
    name: requiredArgument("name", "the name that other commands and Spack use"),
    url: requiredArgument(
      "url",
      "oci://HOST/PATH, oci+http://HOST/PATH, https://..., file://... or a directory",
    ),
  },
  options: { scope: SCOPE_OPTION, ...MIRROR_SETTINGS },
  async run({ name, url, scope, ...settings }, { session }) {
    const { addMirror } = await import("@spack-oci/spack-config");
    rejectUnlikelyUrl(url);
    const { configuration } = session.spack;
    const edit = addMirror(configuration, { name, scope }, { ...mirrorChanges(settings), url });
    return {
      json: { name, url, ...edit },
      lines: [`Added mirror ${name} to ${edit.file}.`],
      status: EXIT_STATUS.done,
    };
  },
});

/** Spack takes any text as a URL or a directory, and fails when the mirror is used. */
export function rejectUnlikelyUrl(url: string): void {
  if (/^[\w+-]+:\/\/[^/]*@/.test(url)) {
    throw new SpackOciError("ERR_MIRROR_URL", "The URL of the mirror contains a user name or a password.", {
      kind: "usage",
      hint: "Leave them out; use --oci-username and --oci-password-variable, or spack-oci login.",
    });
  }
  if (url.startsWith("oci-layout:")) {
    throw new SpackOciError("ERR_MIRROR_URL", "A mirror of Spack cannot be an OCI image layout.", {
      kind: "usage",
      place: url,
      hint: `Name the layout itself: spack-oci list ${url}`,
    });
  }
  if (/^(localhost|[\w-]+(\.[\w-]+)+)(:\d+)?\//.test(url)) {
    throw new SpackOciError("ERR_MIRROR_URL", `${url} is not a URL.`, {
      kind: "usage",
      place: url,
      hint: `Use oci://${url} for a registry, or ./${url} for a directory.`,
    });
  }
}
